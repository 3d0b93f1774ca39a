//! The simulated camera from outside: what it renders is what its truth says, and the real reader can read it.

mod scene;
