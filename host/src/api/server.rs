//! Connections, and the way out: on SIGTERM no new work is taken, `/readyz` says so, what was
//! begun is finished and answered, then the program ends.

use std::io;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Request;
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{Semaphore, watch};
use tower::ServiceExt as _;

use super::access::Peer;
use super::patient::Patient;
use super::state::AppState;

/// For the head of a request, counted from when the connection was made or the answer before was sent:
/// slow and silent clients hold a connection no longer.
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
    // Each connection holds a receiver: it hears of the end, and the sender sees when all have ended.
    let (ending, end) = watch::channel(());
    let places = Arc::new(Semaphore::new(state.settings().max_connections));
    // HTTP/1.1 only: a proxy in front speaks the others, and limits are simpler to hold.
    let mut builder = Builder::new();
    builder
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
                    builder.serve_connection(TokioIo::new(Patient::new(stream)), service);
                let (connection, mut end) = (connection.with_upgrades(), end.clone());
                tokio::spawn(async move {
                    let mut connection = pin!(connection);
                    let ended = tokio::select! {
                        ended = connection.as_mut() => ended,
                        _ = end.changed() => {
                            connection.as_mut().graceful_shutdown();
                            connection.await
                        }
                    };
                    if let Err(error) = ended {
                        tracing::debug!(%error, "a connection ended badly");
                    }
                    drop((place, end));
                });
            }
            Err(error) => {
                tracing::warn!(%error, "cannot accept a connection");
                tokio::time::sleep(ACCEPT_PAUSE).await;
            }
        }
    }
    drop(listener);
    drop(end);
    ending.send_replace(());
    if tokio::time::timeout(LAST_BYTES, ending.closed())
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
