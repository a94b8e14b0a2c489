//! `plancheck serve`: the HTTP server.

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use axum::http::{HeaderValue, Uri};
use tokio::net::TcpListener;
use tracing_subscriber::EnvFilter;

use super::exit::{self, Failure};
use super::quantity::{bytes, seconds};
use super::setup::{self, EngineArgs, ModuleArgs};
use super::{input, output};
use crate::api::state::{Loaded, Phase};
use crate::api::{AppState, Settings, router, server};
use crate::catalogue::CatalogueError;
use crate::check::CheckEngine;
use crate::runtime::embedded_engine;

/// Serve checks over HTTP
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  plancheck serve
  plancheck serve --listen 0.0.0.0:8080 --modules-dir /srv/modules --concurrency 4
  plancheck serve --allow-origin https://viewer.example.org
  curl --data-binary @office.ifc 'http://127.0.0.1:8080/api/v1/validate?jurisdiction=us'

There are no accounts: whoever reaches the port may check models. SIGTERM finishes what was begun,
then ends with code 0. PLANCHECK_LOG=debug says more on standard error.")]
pub(super) struct Args {
    /// Where to listen; port 0 takes a free one
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:8080")]
    listen: SocketAddr,
    #[command(flatten)]
    modules: ModuleArgs,
    #[command(flatten)]
    engine: EngineArgs,
    /// Largest model that is taken
    #[arg(long, value_name = "SIZE", default_value = "256MiB", value_parser = bytes)]
    max_upload: usize,
    /// Checks at the same time; otherwise one for each processor
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    concurrency: Option<u16>,
    /// For one check, waiting for its turn included
    #[arg(long, value_name = "TIME", default_value = "60s", value_parser = seconds)]
    timeout: Duration,
    /// Also answer pages of this origin, such as a web viewer of yours: https://viewer.example.org
    #[arg(long = "allow-origin", value_name = "ORIGIN", value_parser = origin)]
    origins: Vec<HeaderValue>,
}

/// Scheme, host and port, as browsers send them.
fn origin(text: &str) -> Result<HeaderValue, String> {
    let wrong = || "write https://viewer.example.org, with a port where there is one".to_owned();
    let uri: Uri = text.parse().map_err(|_| wrong())?;
    let bare = matches!(uri.path(), "/" | "") && uri.query().is_none() && !text.ends_with('/');
    let web = matches!(uri.scheme_str(), Some("http" | "https"));
    match uri.authority() {
        Some(authority) if web && bare && !authority.as_str().contains('@') => {
            HeaderValue::from_str(&text.to_lowercase()).map_err(|_| wrong())
        }
        _ => Err(wrong()),
    }
}

pub(super) fn run(args: Args) -> Result<u8, Failure> {
    log();
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let settings = Settings {
        max_upload: args.max_upload,
        concurrency: args.concurrency.map_or(processors, usize::from),
        timeout: args.timeout,
        origins: args.origins.clone(),
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::fault(format!("cannot start threads: {error}")))?;
    let ended = runtime.block_on(serve(args, settings));
    // A check that runs into its limits does not keep the program.
    runtime.shutdown_timeout(Duration::from_secs(1));
    ended
}

async fn serve(args: Args, settings: Settings) -> Result<u8, Failure> {
    // Before anything else: a signal that comes while modules are loaded is one, too.
    let stop = signals()?;
    let listener = TcpListener::bind(args.listen)
        .await
        .map_err(|error| cannot_listen(args.listen, &error))?;
    let address = listener.local_addr().map_err(Failure::fault)?;
    let state = AppState::new(settings);
    tracing::info!(%address, "listening");
    let loading = tokio::task::spawn_blocking({
        let state = state.clone();
        move || load(&args, &state)
    });
    let (failed, failure) = tokio::sync::oneshot::channel();
    tokio::spawn(announce(loading, state.clone(), address, failed));
    let stop = async {
        tokio::select! {
            () = stop => None,
            Ok(failure) = failure => Some(failure),
        }
    };
    let (why, because) = tokio::sync::oneshot::channel();
    let stop = async {
        // The receiver lives until the server has ended.
        let _ = why.send(stop.await);
    };
    server::serve(listener, router(state.clone()), state, stop).await;
    match because.await {
        Ok(Some(failure)) => Err(failure),
        Ok(None) | Err(_) => {
            tracing::info!("stopped");
            Ok(exit::CLEAN)
        }
    }
}

/// Says where the server is once it is ready, or why it will never be.
async fn announce(
    loading: tokio::task::JoinHandle<Result<(), Failure>>,
    state: AppState,
    address: SocketAddr,
    failed: tokio::sync::oneshot::Sender<Failure>,
) {
    let failure = match loading.await {
        Ok(Ok(())) if state.phase() == Phase::Stopping => return,
        Ok(Ok(())) => match output::print(&format!("plancheck is ready at http://{address}\n")) {
            Ok(()) => return,
            Err(failure) => failure,
        },
        Ok(Err(failure)) => failure,
        Err(panic) => Failure::fault(format!("loading modules failed: {panic}")),
    };
    // Nobody listens only when the server ends anyhow.
    let _ = failed.send(failure);
}

/// Loads what checks need; minutes, when nothing is compiled yet.
fn load(args: &Args, state: &AppState) -> Result<(), Failure> {
    let mut limits = args.engine.limits()?;
    limits.engine_deadline = limits.engine_deadline.min(args.timeout);
    let runtime = setup::runtime(limits)?;
    let engine = setup::engine(&args.engine, &runtime)?;
    let catalogue = args.modules.catalogue(&runtime)?;
    for entry in &catalogue.entries {
        match &entry.state {
            Ok((_, manifest)) => {
                tracing::info!(
                    module = entry.name,
                    version = manifest.module.version,
                    "module is ready"
                );
            }
            Err(problem) => {
                let (code, message) = (&problem.code, &problem.message);
                tracing::error!(module = entry.name, code, message, "module cannot be used");
            }
        }
    }
    if catalogue.entries.is_empty() {
        return Err(CatalogueError::Empty.into());
    }
    let component_digest = match (&engine, &args.engine.engine) {
        #[cfg(feature = "native-engine")]
        (CheckEngine::Native, _) => None,
        (CheckEngine::Component(_), Some(path)) => Some(digest(&input::read(path)?)),
        (CheckEngine::Component(_), None) => embedded_engine().map(digest),
    };
    state.set_loaded(Loaded {
        engine,
        component_digest,
        catalogue,
    });
    Ok(())
}

fn digest(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

fn log() {
    let filter =
        EnvFilter::try_from_env("PLANCHECK_LOG").unwrap_or_else(|_| EnvFilter::new("info"));
    let terminal = io::IsTerminal::is_terminal(&io::stderr());
    tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(io::stderr)
        .with_ansi(terminal)
        .init();
}

fn cannot_listen(address: SocketAddr, error: &io::Error) -> Failure {
    let advice = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "another program listens there: end it, or choose another port with --listen \
             (127.0.0.1:0 takes a free one)"
        }
        io::ErrorKind::PermissionDenied => {
            "this user may not: choose a port above 1023 with --listen"
        }
        _ => "choose an address of this machine with --listen",
    };
    Failure::usage(format!("cannot listen on {address}: {error}\n{advice}"))
}

/// Ends with the first SIGTERM or SIGINT. A second one ends the program at once.
#[cfg(unix)]
fn signals() -> Result<impl Future<Output = ()>, Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let cannot = |error: io::Error| Failure::fault(format!("cannot wait for signals: {error}"));
    let mut terminate = signal(SignalKind::terminate()).map_err(cannot)?;
    let mut interrupt = signal(SignalKind::interrupt()).map_err(cannot)?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            tracing::warn!("stopped at once");
            std::process::exit(i32::from(exit::FAULT));
        });
    })
}

/// Ends with Ctrl-C.
#[cfg(not(unix))]
fn signals() -> Result<impl Future<Output = ()>, Failure> {
    Ok(async {
        // Without a handler there is only the operating system's own way to end.
        if tokio::signal::ctrl_c().await.is_err() {
            std::future::pending::<()>().await;
        }
    })
}
