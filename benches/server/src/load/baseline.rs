//! The bare server: the same framework, one handler that says hello, nothing around it. And bodies of
//! a given size, to tell what sending costs from what finding out costs.

use std::process::Command;

use anyhow::{Context as _, Result};
use axum::Router;
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::routing::get;
use bytes::Bytes;

use crate::process::Server;

/// The word that makes this program the bare server.
pub const COMMAND: &str = "bare-server";

/// Starts it as a process of its own. `/` says hello, `/bytes/N` answers with N bytes.
pub fn start() -> Result<Server> {
    let data = tempfile::tempdir()?;
    let mut command = Command::new(std::env::current_exe()?);
    command.arg(COMMAND);
    let log = data.path().join("log");
    Server::spawn(command, data, log)
}

/// Is it.
pub fn serve(_words: &[&str]) -> Result<()> {
    tokio::runtime::Runtime::new()?.block_on(async {
        let router = Router::new()
            .route("/", get(async || "hello"))
            .route("/bytes/{size}", get(bytes))
            .with_state(Bytes::from(vec![b'x'; 4 << 20]));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await?;
        println!(
            "the bare server is ready at http://{}",
            listener.local_addr()?
        );
        axum::serve(listener, router).await.context("serving")
    })
}

async fn bytes(State(all): State<Bytes>, Path(size): Path<usize>) -> Result<Bytes, StatusCode> {
    match size <= all.len() {
        true => Ok(all.slice(..size)),
        false => Err(StatusCode::NOT_FOUND),
    }
}
