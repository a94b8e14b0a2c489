//! Live sync: one channel for each building, on which everybody sees the same edits in the same order.
//!
//! The order is made by the store: an edit is a row with the next number. Every replica that somebody
//! listens at has the building's model loaded and applies the numbered edits itself. Equal edits on an
//! equal model give equal findings, so replicas need to agree on nothing but the numbers; Redis only
//! says that there is something new, and carries what nobody needs to see later.
//!
//! [`Hub`] knows the rooms, a room ([`room`]) is the task of one building, [`live`] the check behind
//! it, [`protocol`] the messages. Sockets are in `api::live`.

mod client;
mod hub;
mod live;
mod loaded;
mod protocol;
mod room;

pub use client::{Client, Kick, close};
pub use hub::{Hub, HubConfig, HubStats, JoinError, Visit};
pub use protocol::{FromClient, Joined, ToClient};
