//! What stands behind the server: opened from the settings, and looked after while it runs.

use std::fs;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use super::args::{Args, StoreArgs};
use crate::api::{AppState, Latest, Limits, Services, Settings};
use crate::auth::{Accounts, AccountsConfig, Role, Secret, Tokens, acceptable};
use crate::cache::{Redis, RedisConfig, RedisError, Reports, ReportsConfig};
use crate::cli::exit::{self, Failure};
use crate::cli::{output, setup};
use crate::store::{FIRST_ORGANISATION, NewUser, Store, StoreError, now, sqlite_url};
use crate::sync::{Hub, HubConfig};
use crate::telemetry::Metrics;

/// The SQLite file in the data folder.
const DATABASE: &str = "plancheck.sqlite";
/// The generated keys in the data folder.
const TOKEN_KEYS: &str = "token-keys";
/// Between two rounds of looking after things.
const ROUND: Duration = Duration::from_secs(60);
/// Models that no building has are kept so long: somebody may be about to name it.
const FORGET_MODELS: i64 = 24 * 3_600_000;

/// Opens everything.
pub(super) async fn open(args: &Args) -> Result<Services, Failure> {
    let url = secret(
        args.store.database_url.as_deref(),
        args.store.database_url_file.as_deref(),
    )?;
    let folder = match (&url, &args.store.token_or_data(args)) {
        // Everything is elsewhere: nothing is written here.
        (Some(_), true) => None,
        _ => Some(data_dir(&args.store)?),
    };
    let tokens = tokens(args, url.is_some(), folder.as_deref())?;
    let url = match (url, folder) {
        (Some(url), _) => url,
        (None, Some(folder)) => {
            alone(&folder)?;
            let file = folder.join(DATABASE);
            private(&file)?;
            sqlite_url(&file)
        }
        (None, None) => return Err(Failure::fault("there is no folder for the database")),
    };
    let store = Store::open(&url, args.store.database_connections).await;
    let store = store.map_err(|error| cannot_open(&url, &error))?;
    let redis = secret(
        args.store.redis_url.as_deref(),
        args.store.redis_url_file.as_deref(),
    )?;
    let redis = match redis {
        None => None,
        Some(url) => Some(
            Redis::open(&RedisConfig { url })
                .map_err(|error| Failure::usage(format!("--redis-url: {error}")))?,
        ),
    };
    let config = AccountsConfig {
        session_lives: millis(args.accounts.session_lifetime),
        refresh_grace: millis(args.accounts.refresh_grace),
    };
    let accounts = Accounts::new(store.clone(), tokens, config);
    let config = ReportsConfig {
        memory: args.store.cache_memory as u64,
        lives: args.store.cache_lifetime,
    };
    let limits = &args.limits;
    Ok(Services {
        store,
        accounts,
        reports: Reports::new(&config, redis),
        flights: Arc::default(),
        hub: Arc::new(Hub::new(HubConfig {
            buildings: limits.live_buildings as usize,
            idle: limits.live_idle,
        })),
        latest: Latest::default(),
        limits: Limits::new(limits.rate_per_address, limits.rate_per_caller),
        metrics: Metrics::default(),
    })
}

fn millis(time: Duration) -> i64 {
    i64::try_from(time.as_millis()).unwrap_or(i64::MAX)
}

impl StoreArgs {
    /// Keys are given, and no data folder: nothing needs to be written here.
    fn token_or_data(&self, args: &Args) -> bool {
        let keys = args.accounts.token_keys.is_some() || args.accounts.token_keys_file.is_some();
        keys && self.data_dir.is_none()
    }
}

/// Where artifacts of registries are kept: beside the database, else with compiled modules.
pub(super) fn keep(args: &Args) -> Option<PathBuf> {
    let elsewhere = args.store.database_url.is_some() || args.store.database_url_file.is_some();
    match elsewhere && args.store.data_dir.is_none() {
        true => setup::cache_dir(),
        false => data_dir(&args.store).ok(),
    }
}

/// Only the store, for a command beside a running server.
pub(super) async fn open_store(args: &StoreArgs) -> Result<Store, Failure> {
    let given = secret(
        args.database_url.as_deref(),
        args.database_url_file.as_deref(),
    )?;
    let url = match given {
        Some(url) => url,
        None => {
            let file = data_path(args)?.join(DATABASE);
            if !file.is_file() {
                let why = format!(
                    "there is no database {}\nname the server's folder with --data-dir, or its database \
                     with --database-url-file",
                    file.display()
                );
                return Err(Failure::usage(why));
            }
            sqlite_url(&file)
        }
    };
    let store = Store::open_made(&url).await;
    store.map_err(|error| cannot_open(&url, &error))
}

/// A secret that is given or lies in a file.
fn secret(given: Option<&str>, file: Option<&Path>) -> Result<Option<String>, Failure> {
    match (given, file) {
        (Some(text), _) => Ok(Some(text.to_owned())),
        (None, Some(path)) => {
            let text = fs::read_to_string(path)
                .map_err(|error| Failure::usage(format!("{}: {error}", path.display())))?;
            Ok(Some(text.trim_end_matches(['\r', '\n']).to_owned()))
        }
        (None, None) => Ok(None),
    }
}

fn data_path(args: &StoreArgs) -> Result<PathBuf, Failure> {
    let home = || {
        let set = |name| std::env::var_os(name).filter(|value| !value.is_empty());
        let share = set("XDG_DATA_HOME").map(PathBuf::from);
        let share = share.or_else(|| Some(PathBuf::from(set("HOME")?).join(".local/share")));
        share.map(|share| share.join("plancheck"))
    };
    args.data_dir.clone().or_else(home).ok_or_else(|| {
        Failure::usage("name a folder for the database with --data-dir: there is no home folder")
    })
}

fn data_dir(args: &StoreArgs) -> Result<PathBuf, Failure> {
    let folder = data_path(args)?;
    let mut maker = fs::DirBuilder::new();
    maker.recursive(true);
    // Hashes of passwords and keys lie there.
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut maker, 0o700);
    maker.create(&folder).map_err(|error| {
        let why = format!(
            "cannot make {}: {error}\nname another folder with --data-dir",
            folder.display()
        );
        Failure::usage(why)
    })?;
    Ok(folder)
}

fn tokens(args: &Args, shared: bool, folder: Option<&Path>) -> Result<Tokens, Failure> {
    let accounts = &args.accounts;
    let given = secret(
        accounts.token_keys.as_deref(),
        accounts.token_keys_file.as_deref(),
    )?;
    let keys = match (given, folder) {
        (Some(keys), _) => keys,
        (None, Some(folder)) if !shared => generated_keys(&folder.join(TOKEN_KEYS))?,
        (None, _) => {
            return Err(Failure::usage(
                "with PostgreSQL, all replicas sign tokens with the same keys: name a file with \
                 --token-keys-file; `openssl rand -hex 32` makes a key",
            ));
        }
    };
    let lives = i64::try_from(accounts.access_lifetime.as_secs().max(1)).unwrap_or(i64::MAX);
    Tokens::new(
        &keys,
        &accounts.token_issuer,
        &accounts.token_audience,
        lives,
    )
    .map_err(|error| Failure::usage(error.to_string()))
}

/// Keys of this host alone, kept so that tokens outlive a restart.
fn generated_keys(file: &Path) -> Result<String, Failure> {
    let cannot = |error: io::Error| Failure::usage(format!("{}: {error}", file.display()));
    match fs::read_to_string(file) {
        Ok(keys) => return Ok(keys),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(cannot(error)),
    }
    let keys = format!("{}\n", Secret::new("").text());
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut made = options.open(file).map_err(cannot)?;
    made.write_all(keys.as_bytes()).map_err(cannot)?;
    Ok(keys)
}

/// Makes the SQLite file where it is missing, for its user alone. What SQLite puts beside it gets the
/// same mode; what an earlier start left may be readable by others.
fn private(file: &Path) -> Result<(), Failure> {
    let cannot = |error: io::Error| Failure::usage(format!("{}: {error}", file.display()));
    let mut options = fs::OpenOptions::new();
    options.create(true).truncate(false).append(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(file).map_err(cannot)?;
    #[cfg(unix)]
    for end in ["", "-wal", "-shm"] {
        let mut name = file.as_os_str().to_owned();
        name.push(end);
        let mode = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o600);
        match fs::set_permissions(&name, mode) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(cannot(error)),
            _ => {}
        }
    }
    Ok(())
}

/// Two servers on one file would not hear of each other's edits: replicas need PostgreSQL and Redis.
fn alone(folder: &Path) -> Result<(), Failure> {
    let path = folder.join("lock");
    let cannot = |error: io::Error| Failure::usage(format!("{}: {error}", path.display()));
    let mut options = fs::OpenOptions::new();
    options.create(true).truncate(false).write(true);
    let file = options.open(&path).map_err(cannot)?;
    match file.try_lock() {
        Ok(()) => {
            // Held until the program ends.
            std::mem::forget(file);
            Ok(())
        }
        Err(fs::TryLockError::WouldBlock) => Err(Failure::usage(format!(
            "another server keeps its data in {}\nname another folder with --data-dir; several servers \
             that work as one share a PostgreSQL (--database-url) and a Redis (--redis-url)",
            folder.display()
        ))),
        Err(fs::TryLockError::Error(error)) => Err(cannot(error)),
    }
}

/// Without the password that it may hold.
fn shown(url: &str) -> String {
    let Some((scheme, rest)) = url.split_once("://") else {
        return "the database".to_owned();
    };
    let rest = rest.rsplit_once('@').map_or(rest, |(_, host)| host);
    let rest = rest.split('?').next().unwrap_or_default();
    format!("{scheme}://{rest}")
}

fn cannot_open(url: &str, error: &StoreError) -> Failure {
    let advice = match error {
        StoreError::Unavailable(_) => "is it running, and is the address right?",
        StoreError::Login(_) => "are user and password in the address right?",
        StoreError::NoDatabase(_) => "make it with createdb, or name another one in the address",
        StoreError::Address(_) => {
            "write postgres://user:password@host:5432/database, with %-escapes for what is special in an \
             address"
        }
        StoreError::Empty => "`plancheck serve` makes its tables and the first account",
        _ => "was it written by a newer release, or by another program?",
    };
    Failure::usage(format!("cannot open {}: {error}\n{advice}", shown(url)))
}

fn good_password(password: &str, name: &str) -> Result<(), Failure> {
    acceptable(password, name)
        .map_err(|why| Failure::usage(format!("--admin-password-file: {why}")))
}

/// A host without accounts gets one. Its password is printed once, on standard error, which is not
/// the log: it is for who started it.
pub(super) async fn first_administrator(args: &Args, services: &Services) -> Result<(), Failure> {
    let (store, accounts) = (&services.store, &services.accounts);
    let failed = |error: &dyn std::fmt::Display| {
        Failure::fault(format!("cannot make the first administrator: {error}"))
    };
    if store.user_count().await.map_err(|error| failed(&error))? > 0 {
        return Ok(());
    }
    let name = args.accounts.admin_name.to_lowercase();
    let given = secret(None, args.accounts.admin_password_file.as_deref())?;
    let generated = given.is_none();
    let password = given.unwrap_or_else(Secret::password);
    good_password(&password, &name)?;
    let hash = accounts.passwords().hash(password.clone()).await;
    let new = NewUser {
        organisation: FIRST_ORGANISATION.to_owned(),
        name: name.clone(),
        role: Role::Admin,
        password_hash: hash.map_err(|error| failed(&error))?,
    };
    match store.add_user(new).await {
        Ok(_) if generated => {
            eprintln!(
                "plancheck: made the administrator `{name}` with the password {password}\n\
                 plancheck: it is shown this once; change it with POST /api/v1/auth/password; \
                 `plancheck reset-password {name}` makes another one"
            );
            Ok(())
        }
        // Another replica was quicker.
        Ok(_) | Err(StoreError::Conflict) => Ok(()),
        Err(error) => Err(failed(&error)),
    }
}

/// Makes room and forgets what is over, until the program ends.
pub(super) async fn look_after(state: AppState, keep_audit: Duration) {
    let keep_audit = millis(keep_audit);
    tokio::spawn(Hub::watch_sessions(state.clone()));
    tokio::spawn(Hub::listen(state.clone()));
    tokio::spawn(forget_with_others(state.clone()));
    loop {
        tokio::time::sleep(ROUND).await;
        let services = state.services();
        services.accounts.tidy();
        services.limits.tidy();
        let store = &services.store;
        // What could not be forgotten now is forgotten in the next round.
        for forgotten in [
            store.forget_sessions(now()).await,
            store.forget_models(now() - FORGET_MODELS).await,
            store.forget_edits().await,
            store.forget_audit(now() - keep_audit).await,
        ] {
            if let Err(error) = forgotten {
                tracing::debug!(%error, "nothing was forgotten");
            }
        }
    }
}

/// What another replica forgets is forgotten here too.
async fn forget_with_others(state: AppState) {
    state.services().reports.listen().await;
}

/// `--check-config`: what is configured, and whether it answers.
pub(super) async fn check(args: &Args, settings: &Settings) -> Result<u8, Failure> {
    use std::fmt::Write as _;
    if let Some(file) = args.accounts.admin_password_file.as_deref() {
        let password = secret(None, Some(file))?.unwrap_or_default();
        good_password(&password, &args.accounts.admin_name)?;
    }
    let services = open(args).await?;
    let mut text = String::new();
    let mut broken = false;
    let _ = writeln!(text, "listen      {}", args.listen);
    let _ = writeln!(
        text,
        "open        {}",
        if settings.open {
            "everybody may check models"
        } else {
            "accounts only"
        }
    );
    let _ = writeln!(text, "store       {} answers", services.store.kind().name());
    if args.store.database_url.is_none() && args.store.database_url_file.is_none() {
        let _ = writeln!(text, "data        {}", data_dir(&args.store)?.display());
        if services
            .store
            .user_count()
            .await
            .is_ok_and(|count| count == 0)
        {
            text.push_str("accounts    none yet: the first start makes an administrator\n");
        }
    }
    let redis = match services.reports.redis() {
        None => "none".to_owned(),
        Some(redis) => match redis.version().await {
            Ok(version) => format!("{version} answers"),
            Err(error) => {
                // One that is not there may come; one that refuses goes on doing so.
                broken |= matches!(error, RedisError::Refused(_));
                format!("{error}; the server would run without it")
            }
        },
    };
    let _ = writeln!(text, "redis       {redis}");
    let _ = writeln!(
        text,
        "models      up to {} MiB, {} checks at once, {} s each",
        settings.max_upload >> 20,
        settings.concurrency,
        settings.timeout.as_secs()
    );
    let metrics = args
        .telemetry
        .metrics_listen
        .map_or_else(|| "beside the API".to_owned(), |at| at.to_string());
    let _ = writeln!(text, "metrics     {metrics}");
    let traces = args.telemetry.otlp_endpoint.as_ref();
    let traces = traces.map_or_else(|| "none".to_owned(), ToString::to_string);
    let _ = writeln!(text, "traces      {traces}");
    let proxies: Vec<String> = settings
        .trusted_proxies
        .iter()
        .map(ToString::to_string)
        .collect();
    let proxies = if proxies.is_empty() {
        "none".to_owned()
    } else {
        proxies.join(", ")
    };
    let _ = writeln!(text, "proxies     {proxies}");
    services.store.close().await;
    broken |= modules(&mut text, args)?;
    output::print(&text)?;
    Ok(if broken { exit::FINDINGS } else { exit::CLEAN })
}

/// Every module, with why it cannot be used; whether there is such a one.
fn modules(text: &mut String, args: &Args) -> Result<bool, Failure> {
    use std::fmt::Write as _;
    let runtime = setup::runtime(args.engine.limits()?)?;
    setup::engine(&args.engine, &runtime)?;
    let (_, catalogue) =
        args.modules
            .watched(&runtime, args.reload.modules_settle, keep(args).as_deref())?;
    let mut broken = catalogue.entries.is_empty();
    if broken {
        text.push_str("modules     none: nothing could be checked\n");
    }
    let mut heading = "modules";
    for entry in &catalogue.entries {
        let _ = match &entry.state {
            Ok(ready) => writeln!(
                text,
                "{heading:<12}{} {}",
                ready.manifest.module.id, ready.manifest.module.version
            ),
            Err(problem) => {
                broken = true;
                writeln!(
                    text,
                    "{heading:<12}{}: cannot be used: {}",
                    crate::render::safe(&entry.name),
                    crate::render::safe(&problem.message)
                )
            }
        };
        heading = "";
    }
    Ok(broken)
}
