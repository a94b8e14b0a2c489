//! Engine and modules of the server: loaded when it starts, looked after while it runs.

use std::io;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use tokio::sync::mpsc;

use super::args::Args;
use super::services::keep;
use crate::api::AppState;
use crate::api::state::Loaded;
use crate::catalogue::{CatalogueError, Entry, Event, Look, Watcher};
use crate::check::{CheckEngine, Problem};
use crate::cli::exit::Failure;
use crate::cli::{input, setup};
use crate::runtime::embedded_engine;
use crate::trust::Signed;

/// While a file waits it is looked at this often, however seldom all others are.
const SOON: Duration = Duration::from_secs(1);

/// Loads what checks need; minutes, when nothing is compiled yet. Then modules are looked after, in a
/// task of its own.
pub(super) async fn load(
    args: Args,
    state: AppState,
    asked: mpsc::Receiver<()>,
) -> Result<(), Failure> {
    let poll = args.reload.modules_poll;
    let loading = tokio::task::spawn_blocking({
        let state = state.clone();
        move || begin(&args, &state)
    });
    let watcher = loading
        .await
        .map_err(|panic| Failure::fault(format!("loading modules failed: {panic}")))??;
    tokio::spawn(look_after(watcher, state, poll, asked));
    Ok(())
}

fn begin(args: &Args, state: &AppState) -> Result<Watcher, Failure> {
    let mut limits = args.engine.limits()?;
    limits.engine_deadline = limits.engine_deadline.min(args.limits.timeout);
    let runtime = setup::runtime(limits)?;
    let engine = setup::engine(&args.engine, &runtime)?;
    let settle = args.reload.modules_settle;
    let (watcher, mut catalogue) = args
        .modules
        .watched(&runtime, settle, keep(args).as_deref())?;
    catalogue.preview = args.preview.preview;
    for entry in &catalogue.entries {
        match &entry.state {
            Ok(_) => say_loaded(entry),
            Err(problem) => say_refused(&entry.name, problem),
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
        files: watcher.files(),
    });
    Ok(watcher)
}

fn digest(bytes: &[u8]) -> String {
    blake3::hash(bytes).to_hex().to_string()
}

/// Looks at the files of modules every `poll`, and whenever that is asked for, until the program ends.
async fn look_after(
    mut watcher: Watcher,
    state: AppState,
    poll: Duration,
    mut asked: mpsc::Receiver<()>,
) {
    let mut waiting = false;
    loop {
        let rest = if waiting { poll.min(SOON) } else { poll };
        let decide = tokio::select! {
            Some(()) = asked.recv() => true,
            () = tokio::time::sleep(rest), if !poll.is_zero() => false,
            else => return,
        };
        let looked = tokio::task::spawn_blocking(move || {
            let look = watcher.look(Instant::now(), decide);
            (watcher, look)
        });
        let look = match looked.await {
            Ok((same, look)) => {
                watcher = same;
                look
            }
            Err(panic) => {
                tracing::error!(%panic, "modules are not looked after any more");
                return;
            }
        };
        waiting = look.waiting;
        if decide {
            tracing::info!("modules were looked at, because SIGHUP asked for it");
        }
        put_in_use(&state, &watcher, look);
    }
}

/// Says what a look found, and swaps the modules where there are others.
fn put_in_use(state: &AppState, watcher: &Watcher, look: Look) {
    let metrics = &state.services().metrics;
    for event in &look.events {
        let outcome = match event {
            Event::Loaded { entries, .. } => {
                entries.iter().for_each(say_loaded);
                "loaded"
            }
            Event::Refused { path, problem } => {
                say_refused(&file_name(path), problem);
                "refused"
            }
            Event::Removed { path, modules } => {
                let (file, modules) = (file_name(path), modules.join(", "));
                tracing::info!(
                    target: "plancheck::audit",
                    file,
                    modules,
                    event = "module_removed",
                    "a file of modules has gone, and they with it"
                );
                "removed"
            }
            Event::Unreadable { path, why } => {
                tracing::error!(path = %path.display(), why, "modules cannot be looked for");
                "unreadable"
            }
        };
        metrics.module_reloads.with_label_values(&[outcome]).inc();
    }
    let Some(loaded) = state.loaded() else { return };
    let files = watcher.files();
    match look.catalogue {
        Some(mut catalogue) => {
            catalogue.preview = loaded.catalogue.preview;
            for note in &catalogue.notes {
                tracing::warn!("{}", crate::render::safe(note));
            }
            state.set_loaded(Loaded {
                catalogue: Arc::new(catalogue),
                files,
                ..Loaded::clone(&loaded)
            });
        }
        None if files != loaded.files => state.set_files(files),
        None => {}
    }
}

fn file_name(path: &Path) -> String {
    path.file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned()
}

fn say_loaded(entry: &Entry) {
    let Ok(ready) = &entry.state else {
        return;
    };
    let digest = blake3::Hash::from_bytes(ready.digest()).to_hex();
    let key = match &entry.signed {
        Some(Signed::By(key)) => key.as_str(),
        Some(Signed::No(_)) => "not signed",
        None => "built in",
    };
    tracing::info!(
        target: "plancheck::audit",
        module = entry.name,
        version = ready.manifest.module.version,
        digest = digest.as_str(),
        key,
        event = "module_loaded",
        "module is ready"
    );
}

fn say_refused(what: &str, problem: &Problem) {
    let (code, message) = (&problem.code, &problem.message);
    tracing::error!(
        target: "plancheck::audit",
        module = what,
        code,
        message,
        event = "module_refused",
        "module cannot be used"
    );
}

/// Says so each time that somebody asks for a look at the modules: SIGHUP.
#[cfg(unix)]
pub(super) fn asked() -> Result<mpsc::Receiver<()>, Failure> {
    use tokio::signal::unix::{SignalKind, signal};
    let cannot = |error: io::Error| Failure::fault(format!("cannot wait for signals: {error}"));
    let mut hangup = signal(SignalKind::hangup()).map_err(cannot)?;
    // One that waits is enough: it sees all that was there before.
    let (tell, told) = mpsc::channel(1);
    tokio::spawn(async move {
        while hangup.recv().await.is_some() {
            let _ = tell.try_send(());
        }
    });
    Ok(told)
}

/// Nobody can ask here.
#[cfg(not(unix))]
pub(super) fn asked() -> Result<mpsc::Receiver<()>, Failure> {
    Ok(mpsc::channel(1).1)
}
