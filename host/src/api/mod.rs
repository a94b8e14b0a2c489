//! The HTTP server: what it offers is described in docs/http-api.md.
//!
//! [`state`] is what all requests share, [`routes`] the table of routes with who may use each,
//! [`access`] the guard before every one, [`router`] what is around them, [`server`] connections and
//! the way out; the other files are one group of routes each. Nothing here
//! reads a model or a manifest: checks run in `check`, off the threads that serve requests.

pub mod access;
mod auth;
mod body;
mod buildings;
mod codes;
pub mod facts;
mod health;
mod history;
mod limits;
mod lingering;
mod live;
mod modules;
mod operations;
mod page;
mod patient;
mod problem;
pub mod router;
mod routes;
pub mod server;
pub mod state;
mod upload;
mod users;
mod validate;

pub use history::Latest;
pub use limits::Limits;
pub use problem::Problem;
pub use router::{metrics_router, router};
pub use state::{AppState, Services, Settings};

/// The OpenAPI document, as it is committed and served.
#[must_use]
pub fn openapi_json() -> String {
    let written = routes::document().to_pretty_json();
    written.map(|json| json + "\n").unwrap_or_default()
}
