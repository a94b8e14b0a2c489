//! `plancheck serve`: the HTTP server.

mod args;
pub(super) mod file;
pub(super) mod reset_password;
mod services;
mod settings;

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::TcpListener;

use super::exit::{self, Failure};
use super::setup;
use super::{input, output};
use crate::api::state::{Loaded, Phase};
use crate::api::{AppState, Services, Settings, metrics_router, router, server};
use crate::catalogue::CatalogueError;
use crate::check::CheckEngine;
use crate::runtime::embedded_engine;
use crate::telemetry::init_log;

pub(super) use args::Args;

pub(super) fn run(args: Args) -> Result<u8, Failure> {
    if args.print_settings {
        output::print(&settings::page())?;
        return Ok(exit::CLEAN);
    }
    init_log(args.telemetry.log_format);
    let processors = std::thread::available_parallelism().map_or(1, usize::from);
    let limits = &args.limits;
    let settings = Settings {
        max_upload: limits.max_upload,
        concurrency: limits.concurrency.map_or(processors, usize::from),
        timeout: limits.timeout,
        origins: limits.origins.clone(),
        open: args.accounts.open.unwrap_or(
            // Behind a proxy, a loopback address is reached by everybody.
            args.listen.ip().is_loopback() && limits.trusted_proxies.is_empty(),
        ),
        trusted_proxies: limits.trusted_proxies.clone(),
        max_connections: limits.max_connections as usize,
        metrics_apart: args.telemetry.metrics_listen.is_some(),
    };
    raise_file_limit();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::fault(format!("cannot start threads: {error}")))?;
    let ended = runtime.block_on(async {
        if args.check_config {
            return services::check(&args, &settings).await;
        }
        // Before anything is made: a port that is taken is the likeliest mistake.
        let listener = listen(args.listen).await?;
        let services = services::open(&args).await?;
        services::first_administrator(&args, &services).await?;
        serve(args, settings, services, listener).await
    });
    // A check that runs into its limits does not keep the program.
    runtime.shutdown_timeout(Duration::from_secs(1));
    ended
}

async fn serve(
    args: Args,
    settings: Settings,
    services: Services,
    listener: TcpListener,
) -> Result<u8, Failure> {
    // Before anything else: a signal that comes while modules are loaded is one, too.
    let stop = signals()?;
    let address = listener.local_addr().map_err(Failure::fault)?;
    let state = AppState::new(settings, services);
    tracing::info!(%address, "listening");
    if let Some(address) = args.telemetry.metrics_listen {
        serve_metrics(address, state.clone()).await?;
    }
    tokio::spawn(services::look_after(state.clone(), args.store.keep_audit));
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
    server::serve(listener, router(state.clone()), state.clone(), stop).await;
    state.services().store.close().await;
    match because.await {
        Ok(Some(failure)) => Err(failure),
        Ok(None) | Err(_) => {
            tracing::info!("stopped");
            Ok(exit::CLEAN)
        }
    }
}

async fn listen(address: SocketAddr) -> Result<TcpListener, Failure> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|error| cannot_listen(address, &error))
}

/// Metrics on a port of their own, until the program ends.
async fn serve_metrics(address: SocketAddr, state: AppState) -> Result<(), Failure> {
    let listener = listen(address).await?;
    let address = listener.local_addr().map_err(Failure::fault)?;
    tracing::info!(%address, "metrics are here");
    tokio::spawn(async move {
        let served = server::serve(
            listener,
            metrics_router(state.clone()),
            state,
            std::future::pending(),
        );
        served.await;
    });
    Ok(())
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
    limits.engine_deadline = limits.engine_deadline.min(args.limits.timeout);
    let runtime = setup::runtime(limits)?;
    let engine = setup::engine(&args.engine, &runtime)?;
    let catalogue = args.modules.signed_catalogue(&runtime)?;
    for entry in &catalogue.entries {
        match &entry.state {
            Ok(ready) => {
                let digest = blake3::Hash::from_bytes(ready.digest()).to_hex();
                tracing::info!(
                    target: "plancheck::audit",
                    module = entry.name,
                    version = ready.manifest.module.version,
                    digest = digest.as_str(),
                    event = "module_loaded",
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
        catalogue: Arc::new(catalogue),
    });
    Ok(())
}

/// Each connection is a file; the limit that shells set is made for programs with few.
fn raise_file_limit() {
    #[cfg(unix)]
    {
        use rustix::process::{Resource, getrlimit, setrlimit};
        let mut limit = getrlimit(Resource::Nofile);
        limit.current = limit.maximum;
        if let Err(error) = setrlimit(Resource::Nofile, limit) {
            tracing::debug!(%error, "the limit of open files stays as it is");
        }
    }
}

fn digest(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
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
