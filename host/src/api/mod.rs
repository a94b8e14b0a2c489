//! The HTTP server: what it offers is described in docs/http-api.md.
//!
//! [`state`] is what all requests share, [`router`] the routes and what is around every one of
//! them, [`server`] connections and the way out; the other files are one route each. Nothing here
//! reads a model or a manifest: checks run in `check`, off the threads that serve requests.

pub mod facts;
mod health;
mod modules;
mod page;
mod problem;
pub mod router;
pub mod server;
pub mod state;
mod upload;
mod validate;

pub use problem::Problem;
pub use router::router;
pub use state::{AppState, Settings};
