//! Streams from a camera in an unusual mode until it is killed: the other program at the camera that the tests of
//! `tests/camera-vm` need. `occupy_camera /dev/video0` prints `streaming` after its first frame.

#[cfg(target_os = "linux")]
fn main() -> std::io::Result<()> {
    use std::io::Write;

    use v4l::buffer::Type;
    use v4l::io::{mmap, traits::CaptureStream};
    use v4l::video::{Capture, capture::Parameters};

    let place = std::env::args().nth(1).unwrap_or_else(|| "/dev/video0".to_owned());
    let device = v4l::Device::with_path(place)?;
    device.set_format(&v4l::Format::new(640, 480, v4l::FourCC::new(b"NV12")))?;
    device.set_params(&Parameters::new(v4l::Fraction::new(2, 15)))?;
    let mut stream = mmap::Stream::with_buffers(&device, Type::VideoCapture, 4)?;
    stream.next()?;
    writeln!(std::io::stdout(), "streaming")?;
    loop {
        stream.next()?;
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {
    eprintln!("Only Linux has cameras that can be occupied by this.");
}
