#!/bin/busybox sh
# The guest's first and only process: loads the drivers, runs the tests, says how they ended, switches off.
/bin/busybox --install -s /bin
export PATH=/bin
mount -t proc proc /proc
mount -t sysfs sysfs /sys
mount -t devtmpfs devtmpfs /dev
modprobe vhci-hcd
modprobe uvcvideo
cd /tmp
set -- $(cat /arguments)
LOKET_CAMERA_VM=1 RUST_BACKTRACE=0 camera-tests "$@"
echo "CAMERA-VM-EXIT:$?"
poweroff -f
