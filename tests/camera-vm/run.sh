#!/usr/bin/env bash
# run.sh CACHE TESTS OTHER_PROGRAM [ARGUMENT...]
#
# Boots a Debian kernel under QEMU and runs TESTS there as root, with ARGUMENTs. Everything the guest has is put into
# its initial file system: the two programs with their libraries, busybox, and the kernel's modules for USB cameras. The
# guest sees no disk, no network and no file of this machine.
#
# Ends with the status of TESTS; 77 where the machine cannot be had, after one line that says why.
set -euo pipefail
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
cache=$1 tests=$2 other_program=$3
shift 3

# Modules the tests need; the dependencies of each come along.
modules=(vhci-hcd uvcvideo vivid)
# Needs about a minute of processor time; a busy machine may take long over it, and what takes longer hangs.
limit_s=1800
# To be raised with every change of what is fetched or how it is unpacked.
edition=1
busybox=$cache/system/bin/busybox

cannot() {
  echo "The virtual machine cannot be had here: $*"
  exit 77
}

# Fetches kernel, busybox and whatever QEMU still lacks here. Unpacked into the cache, nothing is installed.
fetch() {
  [[ $(uname -sm) == "Linux x86_64" ]] || cannot "it is made for Linux on x86-64"
  command -v apt-get dpkg-deb xz >/dev/null || cannot "its parts come as Debian packages, through apt-get, dpkg and xz"
  local kernel packages=()
  kernel=$(apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -1)
  if [[ -z $kernel ]]; then
    [[ $(id -u) == 0 ]] && apt-get update -qq
    kernel=$(apt-cache depends linux-image-amd64 2>/dev/null | sed -n 's/.*Depends: \(linux-image-[0-9].*\)/\1/p' | head -1)
  fi
  [[ -n $kernel ]] || cannot "apt knows no linux-image-amd64 (not Debian, or the package lists want an apt-get update)"
  if ! command -v qemu-system-x86_64 >/dev/null; then
    mapfile -t packages < <(apt-get install --no-install-recommends --simulate qemu-system-x86 2>/dev/null \
      | sed -n 's/^Inst \([^ ]*\) .*/\1/p')
    [[ ${#packages[@]} -gt 0 ]] || cannot "apt knows no qemu-system-x86"
  fi
  mkdir -p "$cache/deb"
  cd "$cache/deb"
  echo "Fetching $kernel, busybox${packages[*]:+ and QEMU} (about 90 MB, once)"
  apt-get -qq download "$kernel" busybox-static "${packages[@]}" 2>"$cache/apt.log" \
    || cannot "the packages do not download: $(tail -1 "$cache/apt.log")"
  unpack "$kernel" busybox-static "${packages[@]}"
}

unpack() {
  local version=${1#linux-image-} package
  local tree=./lib/modules/$version kernel_deb
  kernel_deb=$(echo "$cache/deb/$1"_*.deb)
  shift
  rm -rf "$cache/system"
  mkdir -p "$cache/system"
  for package in "$@"; do
    dpkg-deb -x "$cache/deb/${package%%:*}"_*.deb "$cache/system"
  done
  dpkg-deb --fsys-tarfile "$kernel_deb" | tar -x -C "$cache/system" --wildcards "./boot/vmlinuz-*" "$tree/modules.*" \
    "$tree/kernel/drivers/usb/*" "$tree/kernel/drivers/media/*" "$tree/kernel/drivers/video/*"
  # Later kernels come with compressed modules.
  find "$cache/system/lib/modules" -name '*.ko.xz' -exec xz -d {} +
  "$busybox" depmod -b "$cache/system" "$version"
  unpack_kernel "$cache/system/boot/vmlinuz-$version"
  echo "$version" >"$cache/kernel-version"
}

# Unpacking itself would cost the guest seconds; QEMU also starts the bare kernel.
unpack_kernel() {
  local start
  start=$(LC_ALL=C grep -abom1 $'\xfd7zXZ' "$1" | head -1 | cut -d: -f1 || true)
  cp "$1" "$cache/kernel"
  if [[ -n $start ]]; then
    tail -c +$((start + 1)) "$1" | xz -dc --single-stream >"$cache/kernel.bare" 2>/dev/null || true
    [[ $(head -c 4 "$cache/kernel.bare" | tail -c 3) == ELF ]] && mv "$cache/kernel.bare" "$cache/kernel"
  fi
  return 0
}

# Everything that `$1` is linked with, to the same paths.
with_libraries() {
  local library
  strip -o "$root/bin/$2" "$1"
  ldd "$1" | grep -o '/[^ ]*' | while read -r library; do
    mkdir -p "$root$(dirname "$library")"
    cp -L "$library" "$root$library"
  done
}

# The module's file and those of all it depends on.
module_files() {
  sed -n "s|^\([^:]*/$1\.ko\): *|\1 |p" "$cache/system/lib/modules/$version/modules.dep"
}

fill_root() {
  local module file
  mkdir -p "$root"/{bin,dev,proc,sys,tmp,"lib/modules/$version"}
  cp "$busybox" "$root/bin/busybox"
  cp "$here/init.sh" "$root/init"
  chmod +x "$root/init"
  cp "$cache/system/lib/modules/$version"/modules.{builtin,order} "$root/lib/modules/$version/"
  for module in "${modules[@]}"; do
    for file in $(module_files "$module"); do
      (cd "$cache/system/lib/modules/$version" && cp --parents "$file" "$root/lib/modules/$version/")
    done
  done
  "$busybox" depmod -b "$root" "$version"
  with_libraries "$tests" camera-tests
  with_libraries "$other_program" occupy_camera
  printf '%s\n' "$@" >"$root/arguments"
}

mkdir -p "$cache"
if [[ ! -e $cache/edition || $(<"$cache/edition") != "$edition" ]]; then
  rm -f "$cache/edition"
  (fetch)
  echo "$edition" >"$cache/edition"
fi
version=$(<"$cache/kernel-version")

run=$(mktemp -d "${TMPDIR:-/tmp}/camera-vm.XXXXXX")
trap 'rm -rf "$run"' EXIT
root=$run/root
fill_root "$@"
(cd "$root" && find . | "$busybox" cpio -o -H newc 2>/dev/null) >"$run/initrd"

qemu=(qemu-system-x86_64)
if ! command -v qemu-system-x86_64 >/dev/null; then
  unpacked=$cache/system/usr
  qemu=(env "LD_LIBRARY_PATH=$unpacked/lib/x86_64-linux-gnu:$cache/system/lib/x86_64-linux-gnu"
    "$unpacked/bin/qemu-system-x86_64" -L "$unpacked/share/seabios" -L "$unpacked/share/qemu")
fi
# Plain emulation always: a machine in a cloud may have a /dev/kvm that hangs. On a busy one the emulated timer may be so
# late that the kernel would call it broken: no_timer_check.
timeout --kill-after 5 "$limit_s" "${qemu[@]}" -accel tcg,thread=multi,tb-size=512 -cpu max -machine q35 -smp 2 -m 1024 \
  -nodefaults -no-user-config -display none -no-reboot -serial stdio -kernel "$cache/kernel" -initrd "$run/initrd" \
  -append "console=ttyS0 panic=-1 loglevel=3 no_timer_check" </dev/null 2>&1 | sed -u 's/\r$//' | tee "$run/log" | grep --line-buffered -av -e '^CAMERA-VM-EXIT' -e 'reboot: Power down' || true
status=$(sed -n 's/^CAMERA-VM-EXIT:\([0-9]*\)$/\1/p' "$run/log")
if [[ -z $status ]]; then
  echo "The virtual machine stopped without a result, or was stopped after $limit_s s."
  exit 1
fi
exit "$status"
