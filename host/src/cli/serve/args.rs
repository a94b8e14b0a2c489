//! What `plancheck serve` can be told: one table, from which `--help`, the variables, the
//! configuration file and docs/configuration.md follow.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

use axum::http::{HeaderValue, Uri};
use ipnet::IpNet;

use crate::cli::quantity::{bytes, seconds};
use crate::cli::setup::{EngineArgs, ModuleArgs, PreviewArgs};
use crate::telemetry::{Collector, LogFormat};

/// Serve checks over HTTP
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  plancheck serve
  plancheck serve --listen 0.0.0.0:8080 --modules-dir /srv/modules --concurrency 4
  plancheck serve --database-url-file /run/secrets/database --redis-url redis://redis:6379
  plancheck serve --config /etc/plancheck.toml --check-config
  curl --data-binary @office.ifc 'http://127.0.0.1:8080/api/v1/validate?jurisdiction=us'

Without any configuration it keeps accounts and buildings in an SQLite file, makes an administrator
with a password that is printed once, and lets everybody who reaches a loopback address check models.
A flag counts before its variable, that before the configuration file. SIGTERM finishes what was
begun, then ends with code 0. PLANCHECK_LOG=debug says more on standard error.")]
pub(in crate::cli) struct Args {
    /// Where to listen; port 0 takes a free one
    #[arg(
        long,
        env = "PLANCHECK_LISTEN",
        value_name = "ADDRESS",
        default_value = "127.0.0.1:8080"
    )]
    pub(super) listen: SocketAddr,
    /// Read settings from this TOML file: names of flags, without their dashes
    #[arg(long, env = "PLANCHECK_CONFIG", value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    /// Say what is configured, see whether database, Redis and modules can be used, and end
    #[arg(long)]
    pub(super) check_config: bool,
    /// Print all settings as a page of documentation, and end
    #[arg(long, hide = true)]
    pub(super) print_settings: bool,
    #[command(flatten)]
    pub(super) modules: ModuleArgs,
    #[command(flatten)]
    pub(super) preview: PreviewArgs,
    #[command(flatten)]
    pub(super) reload: ReloadArgs,
    #[command(flatten)]
    pub(super) engine: EngineArgs,
    #[command(flatten)]
    pub(super) store: StoreArgs,
    #[command(flatten)]
    pub(super) accounts: AccountArgs,
    #[command(flatten)]
    pub(super) limits: LimitArgs,
    #[command(flatten)]
    pub(super) telemetry: TelemetryArgs,
}

/// Modules while the server runs.
#[derive(clap::Args)]
pub(super) struct ReloadArgs {
    /// Between two looks at files and folders of modules, of which new versions are put in use without a
    /// restart; 0s: only on SIGHUP
    #[arg(long, env = "PLANCHECK_MODULES_POLL", value_name = "TIME", default_value = "5s", value_parser = seconds_or_never)]
    pub(super) modules_poll: Duration,
    /// How long a file of modules may be incomplete, without its signature or gone before that counts
    #[arg(long, env = "PLANCHECK_MODULES_SETTLE", value_name = "TIME", default_value = "10s", value_parser = seconds)]
    pub(super) modules_settle: Duration,
}

/// Where things are kept.
#[derive(clap::Args)]
#[command(next_help_heading = "What is kept")]
pub(super) struct StoreArgs {
    /// Folder of the SQLite file and of generated keys; otherwise ~/.local/share/plancheck
    #[arg(long, env = "PLANCHECK_DATA_DIR", value_name = "DIR")]
    pub(super) data_dir: Option<PathBuf>,
    /// PostgreSQL: postgres://user:password@host/database; otherwise an SQLite file in the data folder
    #[arg(
        long,
        env = "PLANCHECK_DATABASE_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    pub(super) database_url: Option<String>,
    /// The same, read from this file
    #[arg(
        long,
        env = "PLANCHECK_DATABASE_URL_FILE",
        value_name = "FILE",
        conflicts_with = "database_url"
    )]
    pub(super) database_url_file: Option<PathBuf>,
    /// Connections to PostgreSQL
    #[arg(long, env = "PLANCHECK_DATABASE_CONNECTIONS", value_name = "N", default_value = "10",
          value_parser = clap::value_parser!(u32).range(1..=1000))]
    pub(super) database_connections: u32,
    /// How long entries of the audit log are kept
    #[arg(long, env = "PLANCHECK_KEEP_AUDIT", value_name = "TIME", default_value = "365d", value_parser = seconds)]
    pub(super) keep_audit: Duration,
    /// Share reports and live sync with other replicas: redis://host:6379
    #[arg(
        long,
        env = "PLANCHECK_REDIS_URL",
        value_name = "URL",
        hide_env_values = true
    )]
    pub(super) redis_url: Option<String>,
    /// The same, read from this file
    #[arg(
        long,
        env = "PLANCHECK_REDIS_URL_FILE",
        value_name = "FILE",
        conflicts_with = "redis_url"
    )]
    pub(super) redis_url_file: Option<PathBuf>,
    /// Memory for reports that were made
    #[arg(long, env = "PLANCHECK_CACHE_MEMORY", value_name = "SIZE", default_value = "128MiB", value_parser = bytes)]
    pub(super) cache_memory: usize,
    /// How long a report that was made is kept at hand
    #[arg(long, env = "PLANCHECK_CACHE_LIFETIME", value_name = "TIME", default_value = "12h", value_parser = seconds)]
    pub(super) cache_lifetime: Duration,
}

/// Who may do what.
#[derive(clap::Args)]
#[command(next_help_heading = "Accounts")]
pub(super) struct AccountArgs {
    /// Whether those who are not logged in may check models and see the codes; otherwise only while
    /// the server listens on a loopback address
    #[arg(long, env = "PLANCHECK_OPEN", value_name = "BOOL")]
    pub(super) open: Option<bool>,
    /// Name of the administrator that is made when there is no account
    #[arg(
        long,
        env = "PLANCHECK_ADMIN_NAME",
        value_name = "NAME",
        default_value = "admin"
    )]
    pub(super) admin_name: String,
    /// File with the password of that administrator; otherwise one is generated and printed once
    #[arg(long, env = "PLANCHECK_ADMIN_PASSWORD_FILE", value_name = "FILE")]
    pub(super) admin_password_file: Option<PathBuf>,
    /// Keys that sign access tokens, one in each line, at least 32 bytes each: the first one signs, all
    /// are accepted; otherwise generated, which PostgreSQL and replicas do not allow
    #[arg(
        long,
        env = "PLANCHECK_TOKEN_KEYS",
        value_name = "KEYS",
        hide_env_values = true
    )]
    pub(super) token_keys: Option<String>,
    /// The same, read from this file
    #[arg(
        long,
        env = "PLANCHECK_TOKEN_KEYS_FILE",
        value_name = "FILE",
        conflicts_with = "token_keys"
    )]
    pub(super) token_keys_file: Option<PathBuf>,
    /// Who issues tokens: the claim `iss`
    #[arg(
        long,
        env = "PLANCHECK_TOKEN_ISSUER",
        value_name = "TEXT",
        default_value = "plancheck"
    )]
    pub(super) token_issuer: String,
    /// Whom tokens are for: the claim `aud`
    #[arg(
        long,
        env = "PLANCHECK_TOKEN_AUDIENCE",
        value_name = "TEXT",
        default_value = "plancheck"
    )]
    pub(super) token_audience: String,
    /// How long an access token is good for
    #[arg(long, env = "PLANCHECK_ACCESS_LIFETIME", value_name = "TIME", default_value = "15m", value_parser = seconds)]
    pub(super) access_lifetime: Duration,
    /// How long a login is good for
    #[arg(long, env = "PLANCHECK_SESSION_LIFETIME", value_name = "TIME", default_value = "30d", value_parser = seconds)]
    pub(super) session_lifetime: Duration,
    /// In which time a refresh token may be used again, by a client that asked twice at once
    #[arg(long, env = "PLANCHECK_REFRESH_GRACE", value_name = "TIME", default_value = "10s", value_parser = seconds)]
    pub(super) refresh_grace: Duration,
}

/// How much at once.
#[derive(clap::Args)]
#[command(next_help_heading = "Limits")]
pub(super) struct LimitArgs {
    /// Largest model that is taken
    #[arg(long, env = "PLANCHECK_MAX_UPLOAD", value_name = "SIZE", default_value = "256MiB", value_parser = bytes)]
    pub(super) max_upload: usize,
    /// Checks at the same time; otherwise one for each processor
    #[arg(long, env = "PLANCHECK_CONCURRENCY", value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024))]
    pub(super) concurrency: Option<u16>,
    /// For one check, waiting for its turn included
    #[arg(long, env = "PLANCHECK_TIMEOUT", value_name = "TIME", default_value = "60s", value_parser = seconds)]
    pub(super) timeout: Duration,
    /// Connections at the same time
    #[arg(long, env = "PLANCHECK_MAX_CONNECTIONS", value_name = "N", default_value = "8192",
          value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(super) max_connections: u32,
    /// Buildings that are loaded for live sync at the same time
    #[arg(long, env = "PLANCHECK_LIVE_BUILDINGS", value_name = "N", default_value = "16",
          value_parser = clap::value_parser!(u32).range(1..=10_000))]
    pub(super) live_buildings: u32,
    /// How long a building stays loaded when the last live connection has gone
    #[arg(long, env = "PLANCHECK_LIVE_IDLE", value_name = "TIME", default_value = "60s", value_parser = seconds)]
    pub(super) live_idle: Duration,
    /// Requests in each second of one address; 0: as many as it likes
    #[arg(
        long,
        env = "PLANCHECK_RATE_PER_ADDRESS",
        value_name = "N",
        default_value = "200"
    )]
    pub(super) rate_per_address: u32,
    /// Requests in each second of one account or key; 0: as many as it likes
    #[arg(
        long,
        env = "PLANCHECK_RATE_PER_CALLER",
        value_name = "N",
        default_value = "100"
    )]
    pub(super) rate_per_caller: u32,
    /// Proxies that say in X-Forwarded-For who a client is: an address or a network, such as 10.0.0.0/8
    #[arg(long = "trusted-proxy", env = "PLANCHECK_TRUSTED_PROXIES", value_name = "NETWORK",
          value_delimiter = ',', value_parser = network)]
    pub(super) trusted_proxies: Vec<IpNet>,
    /// Also answer pages of this origin, such as a web viewer of yours: https://viewer.example.org
    #[arg(long = "allow-origin", env = "PLANCHECK_ALLOW_ORIGINS", value_name = "ORIGIN",
          value_delimiter = ',', value_parser = origin)]
    pub(super) origins: Vec<HeaderValue>,
}

/// What an operator sees.
#[derive(clap::Args)]
#[command(next_help_heading = "Watching it")]
pub(super) struct TelemetryArgs {
    /// How the log is written
    #[arg(
        long,
        env = "PLANCHECK_LOG_FORMAT",
        value_name = "FORMAT",
        default_value = "text"
    )]
    pub(super) log_format: LogFormat,
    /// Serve /metrics here, and not beside the API
    #[arg(long, env = "PLANCHECK_METRICS_LISTEN", value_name = "ADDRESS")]
    pub(super) metrics_listen: Option<SocketAddr>,
    /// Send traces to this collector of OpenTelemetry, with OTLP over HTTP: http://collector:4318
    #[arg(long, env = "PLANCHECK_OTLP_ENDPOINT", value_name = "URL")]
    pub(super) otlp_endpoint: Option<Collector>,
}

/// A time; nothing stands for never.
fn seconds_or_never(text: &str) -> Result<Duration, String> {
    match text {
        "0" | "0s" => Ok(Duration::ZERO),
        _ => seconds(text),
    }
}

/// An address or a network.
fn network(text: &str) -> Result<IpNet, String> {
    let address = || text.parse::<std::net::IpAddr>().map(IpNet::from);
    text.parse()
        .or_else(|_| address())
        .map_err(|_| "want an address or a network, such as 10.0.0.0/8".to_owned())
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
