//! How partners' front ends start a flow in the window, in the vendor's words, and hear how it ended.
//!
//! Three ways in (another process, a link with a one-time code, a socket for web pages), one request, one result.
//! Invariant: a token is in a request alone, never in `Debug`, a link or a log; every launch is answered exactly once,
//! if by nothing else then by its being dropped. Deliberately absent: windows, cameras, partners' calls, and any
//! decision about a visit.

mod allowed;
mod door;
mod ending;
mod hand_over;
mod key;
mod line;
mod link;
mod redirect;
mod request;
mod result;
mod socket;
mod threshold;
mod web;

pub use allowed::{AllowedBaseUrls, AllowedOrigins, OriginError};
pub use door::{CallError, Caller, Door, DoorError, Opened, knock};
pub use ending::{Ending, PlatformRefusal};
pub use hand_over::{HandOver, HandOverError, Redeeming};
pub use key::{KEY_BYTES, LaunchKey};
pub use link::{HandOverCode, LinkError, SCHEME};
pub use redirect::{RedirectUrl, RedirectUrlError};
pub use request::{Appearance, Flow, Language, LaunchRequest, Look, RequestError};
pub use result::{ErrorCode, Extra, LaunchResult, LaunchStatus};
pub use threshold::{Answer, Hear, Incoming, Reply};
pub use web::{WebDoor, WebDoorConfig, WebDoorError};
