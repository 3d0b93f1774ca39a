//! The guided capture over simulated scenes, with the real nets.

mod guidance;
