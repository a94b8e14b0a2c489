//! Connections, and the way out: on SIGTERM no new work is taken, `/readyz` says so, what was
//! begun is finished and answered, then the program ends.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto::Builder;
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt as _;

use super::access::Peer;
use super::state::AppState;

/// For the head of a request, and between two requests of one connection: slow clients hold a
/// connection no longer.
const HEAD_TIMEOUT: Duration = Duration::from_secs(15);
/// Bytes of a request's head. Ours have a few hundred.
const MAX_HEAD: usize = 64 << 10;
/// After a failed `accept`, mostly for want of files: time for some to be closed.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
/// Answers that were given must also be sent.
const LAST_BYTES: Duration = Duration::from_secs(10);

/// Serves until `stop` comes and all work is done.
///
/// Work that does not end within the server's own time limit for a check, after `stop`, is left.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    state: AppState,
    stop: impl Future<Output = ()>,
) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(state.settings().max_connections));
    // HTTP/1.1 only: a proxy in front speaks the others, and limits are simpler to hold.
    let mut builder = Builder::new(TokioExecutor::new()).http1_only();
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIMEOUT)
        .max_buf_size(MAX_HEAD);
    let mut stop = pin!(stop);
    // Until the work is done, connections are still taken, so that probes are answered.
    let mut leaving = pin!(async {
        stop.as_mut().await;
        tracing::info!("stopping: no new work, waiting for what was begun");
        state.stop();
        let longest = state.settings().timeout + LAST_BYTES;
        if tokio::time::timeout(longest, state.idle()).await.is_err() {
            tracing::warn!("some work did not end in time and is left");
        }
    });
    loop {
        let accepted = tokio::select! {
            biased;
            () = &mut leaving => break,
            accepted = accept(&listener, &places) => accepted,
        };
        match accepted {
            Ok((stream, peer, place)) => {
                let service = router
                    .clone()
                    .map_request(move |request| into_axum(request, peer));
                let service = TowerToHyperService::new(service);
                let connection =
                    builder.serve_connection_with_upgrades(TokioIo::new(stream), service);
                let connection = graceful.watch(connection.into_owned());
                tokio::spawn(async move {
                    if let Err(error) = connection.await {
                        tracing::debug!(%error, "a connection ended badly");
                    }
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    if tokio::time::timeout(LAST_BYTES, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("some clients did not read their answers");
    }
}

fn into_axum(mut request: hyper::Request<hyper::body::Incoming>, peer: SocketAddr) -> Request {
    request.extensions_mut().insert(Peer(peer));
    request.map(axum::body::Body::new)
}

type Place = tokio::sync::OwnedSemaphorePermit;

async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> io::Result<(TcpStream, SocketAddr, Place)> {
    let place = Arc::clone(places)
        .acquire_owned()
        .await
        .map_err(io::Error::other)?;
    let (stream, peer) = listener.accept().await?;
    // Answers are small or written in large pieces; waiting to fill packets only delays them.
    stream.set_nodelay(true)?;
    Ok((stream, peer, place))
}
