//! `plancheck serve`: the HTTP server.

mod args;
pub(super) mod file;
mod modules;
pub(super) mod reset_password;
mod services;
mod settings;

use std::io;
use std::net::SocketAddr;
use std::time::Duration;

use tokio::net::TcpListener;

use super::exit::{self, Failure};
use super::output;
use crate::api::state::Phase;
use crate::api::{AppState, Services, Settings, metrics_router, router, server};
use crate::telemetry::{Traces, init_log};

pub(super) use args::Args;

pub(super) fn run(args: Args) -> Result<u8, Failure> {
    if args.print_settings {
        output::print(&settings::page())?;
        return Ok(exit::CLEAN);
    }
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::fault(format!("cannot start threads: {error}")))?;
    let traces = args.telemetry.otlp_endpoint.as_ref();
    let traces = traces
        .map(|collector| Traces::new(collector, runtime.handle().clone()))
        .transpose()
        .map_err(|error| Failure::usage(format!("--otlp-endpoint: {error}")))?;
    init_log(args.telemetry.log_format, traces.as_ref()).map_err(Failure::usage)?;
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
        traced: traces.is_some(),
    };
    raise_file_limit();
    let ended = runtime.block_on(async {
        // Before anything is made: a port that is taken is the likeliest mistake.
        if args.telemetry.metrics_listen == Some(args.listen) && args.listen.port() != 0 {
            let why = "--listen and --metrics-listen name the same address: give metrics a port of their own";
            return Err(Failure::usage(why));
        }
        let metrics = match args.telemetry.metrics_listen {
            None => None,
            Some(address) => Some(listen(address, "--metrics-listen").await?),
        };
        if args.check_config {
            return services::check(&args, &settings).await;
        }
        let listener = listen(args.listen, "--listen").await?;
        let services = services::open(&args).await?;
        services::first_administrator(&args, &services).await?;
        serve(args, settings, services, (listener, metrics)).await
    });
    if let Some(traces) = traces {
        traces.end();
    }
    // A check that runs into its limits does not keep the program.
    runtime.shutdown_timeout(Duration::from_secs(1));
    ended
}

async fn serve(
    args: Args,
    settings: Settings,
    services: Services,
    (listener, metrics): (TcpListener, Option<TcpListener>),
) -> Result<u8, Failure> {
    // Before anything else: a signal that comes while modules are loaded is one, too.
    let stop = signals()?;
    let look = modules::asked()?;
    let address = listener.local_addr().map_err(Failure::fault)?;
    let state = AppState::new(settings, services);
    tracing::info!(%address, "listening");
    if let Some(listener) = metrics {
        serve_metrics(listener, state.clone())?;
    }
    tokio::spawn(services::look_after(state.clone(), args.store.keep_audit));
    let loading = tokio::spawn(modules::load(args, state.clone(), look));
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

async fn listen(address: SocketAddr, flag: &str) -> Result<TcpListener, Failure> {
    let listener = TcpListener::bind(address).await;
    listener.map_err(|error| cannot_listen(address, flag, &error))
}

/// Metrics on a port of their own, until the program ends.
fn serve_metrics(listener: TcpListener, state: AppState) -> Result<(), Failure> {
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

fn cannot_listen(address: SocketAddr, flag: &str, error: &io::Error) -> Failure {
    let advice = match error.kind() {
        io::ErrorKind::AddrInUse => {
            "another program listens there: end it, or choose another port (127.0.0.1:0 takes a free one)"
        }
        io::ErrorKind::PermissionDenied => "this user may not: choose a port above 1023",
        _ => "choose an address of this machine",
    };
    Failure::usage(format!(
        "cannot listen on {address}: {error}\n{advice} with {flag}"
    ))
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
