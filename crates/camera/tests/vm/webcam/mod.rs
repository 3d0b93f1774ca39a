//! A USB webcam in software: it speaks USB/IP to the kernel's virtual host controller, so that the real `uvcvideo`
//! binds to it.
//!
//! Invariant: it exists from [`Webcam::plug`] until it is dropped, which the kernel sees as the plug being pulled; then
//! its nodes are gone too. Deliberately absent: isochronous transfer (pictures come in bulk) and controls.

mod bus;
mod descriptors;
mod port;
mod requests;
mod video;

use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::sync::Arc;
use std::thread::JoinHandle;

use bus::Bus;
pub use descriptors::{Coding, Offer};
pub use video::{Damage, Mood};

use crate::pattern;

/// What a camera calls itself.
#[derive(Clone, Copy)]
pub struct Identity {
    pub name: &'static str,
    /// Cheap cameras have none.
    pub serial: Option<&'static str>,
}

pub const ORDINARY: Identity = Identity { name: "Plain Webcam", serial: Some("SN-0001") };

pub struct Webcam {
    bus: Arc<Bus>,
    socket: UnixStream,
    port: u32,
    threads: Vec<JoinHandle<()>>,
}

impl Webcam {
    /// Plugs a camera in and waits until the system offers it.
    pub fn plug(identity: Identity, offers: &[Offer]) -> Self {
        assert!(std::env::var_os("LOKET_CAMERA_VM").is_some(), "runs in the virtual machine alone");
        // Drawn before the host waits for it: that takes an emulated processor seconds. Larger ones are never asked for.
        for offer in offers.iter().filter(|offer| offer.height_px <= 720) {
            pattern::film(*offer);
        }
        let (socket, theirs) = UnixStream::pair().unwrap();
        let bus = Arc::new(Bus::new(socket.try_clone().unwrap(), offers));
        let port = port::attach(&theirs);
        let device = descriptors::Device::new(identity, offers);
        let (answering, sending) = (Arc::clone(&bus), Arc::clone(&bus));
        let requests = socket.try_clone().unwrap();
        let threads = vec![
            std::thread::spawn(move || requests::answer(requests, &device, &answering)),
            std::thread::spawn(move || video::send(&sending)),
        ];
        port::await_node(port);
        Self { bus, socket, port, threads }
    }

    /// How it behaves from the next frame on.
    pub fn be(&self, mood: Mood) {
        self.bus.set_mood(mood);
    }

    /// The mode it was last told to stream in.
    pub fn mode(&self) -> Offer {
        self.bus.mode()
    }

    /// Whether the host wants pictures of it.
    pub fn is_streaming(&self) -> bool {
        self.bus.is_streaming()
    }
}

impl Drop for Webcam {
    fn drop(&mut self) {
        self.socket.shutdown(Shutdown::Both).ok();
        for thread in self.threads.drain(..) {
            thread.join().ok();
        }
        port::await_empty(self.port);
    }
}
