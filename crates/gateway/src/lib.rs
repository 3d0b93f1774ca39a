//! Partner platforms behind one port.
