//! What the host keeps: accounts, buildings, models, reports, edits, the audit log. In PostgreSQL or
//! in an SQLite file, with the same statements.
//!
//! [`Store`] is the connection pool and knows whether the database answers; each other file is one
//! table or two, as functions on it. Times are milliseconds since 1970, see [`now`].

mod api_keys;
mod audit;
mod buildings;
mod edits;
mod health;
mod id;
mod models;
mod organisations;
mod reports;
mod sessions;
mod users;

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use sqlx::any::{AnyPoolOptions, AnyRow};
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{AnyConnection, AnyPool, AssertSqlSafe, Executor, Row, SqlSafeStr, Transaction};

pub use api_keys::ApiKey;
pub use audit::AuditEntry;
pub use buildings::{Building, NewModel};
pub use edits::{Added, EditRecord, NewEdit};
pub use health::Health;
pub use id::new_id;
pub(crate) use id::random_word;
pub use reports::{NewReport, ReportRecord};
pub use sessions::{Refreshed, SessionState};
pub use users::{Changed, NewUser, User, UserChange};

/// The first organisation: whoever sets up a host belongs to it.
pub const FIRST_ORGANISATION: &str = "main";

/// Statements that make the tables, oldest first.
const MIGRATIONS: &[(i64, &str, &str)] = &[(1, "first", include_str!("migrations/0001_first.sql"))];

/// How long a request waits for a connection. A database that is gone must not hold requests.
const ACQUIRE: Duration = Duration::from_millis(1_500);
/// For one statement, in PostgreSQL; larger than any of ours takes with a large model.
const STATEMENT: Duration = Duration::from_secs(20);
/// SQLite has one writer at a time; the others wait so long for it.
const BUSY: Duration = Duration::from_secs(5);
/// Connections to SQLite: readers beside the writer.
const SQLITE_CONNECTIONS: u32 = 4;

/// Why something could not be read or written.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The database does not answer.
    #[error("the database does not answer: {0}")]
    Unavailable(String),
    /// Something of this name is there already.
    #[error("it is there already")]
    Conflict,
    /// A text that databases do not take: it holds a NUL.
    #[error("a text with a NUL character")]
    Text,
    /// The address of the database cannot be read.
    #[error("the address cannot be read: {0}")]
    Address(String),
    /// The database does not let this user in.
    #[error("the database does not let this user in: {0}")]
    Login(String),
    /// The server of the database has none of this name.
    #[error("there is no such database: {0}")]
    NoDatabase(String),
    /// The database holds nothing of ours.
    #[error("there is nothing of Plancheck in it")]
    Empty,
    /// The database refused or answered what nobody expected: a fault of ours.
    #[error("the database refused a statement: {0}")]
    Fault(sqlx::Error),
}

/// Which database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A file of this host alone.
    Sqlite,
    /// Shared by all replicas.
    Postgres,
}

impl Kind {
    /// As it is named in `/health` and metrics.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Kind::Sqlite => "sqlite",
            Kind::Postgres => "postgres",
        }
    }
}

/// The database; cheap to clone.
#[derive(Clone)]
pub struct Store {
    pool: AnyPool,
    kind: Kind,
    health: Arc<Health>,
}

type Result<T, E = StoreError> = std::result::Result<T, E>;

impl From<sqlx::Error> for StoreError {
    fn from(error: sqlx::Error) -> StoreError {
        match &error {
            sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::Io(_)
            | sqlx::Error::WorkerCrashed => StoreError::Unavailable(error.to_string()),
            sqlx::Error::Database(database) if database.is_unique_violation() => {
                StoreError::Conflict
            }
            // Class 57: the server is stopped or starts; class 53: it has no room; 08: connection.
            sqlx::Error::Database(database)
                if database.code().is_some_and(|code| {
                    ["57", "53", "08"]
                        .iter()
                        .any(|class| code.starts_with(class))
                }) =>
            {
                StoreError::Unavailable(error.to_string())
            }
            sqlx::Error::Database(database)
                if database.code().is_some_and(|code| code == "22021") =>
            {
                StoreError::Text
            }
            sqlx::Error::Database(database) => match database.code().as_deref() {
                Some("28P01" | "28000") => StoreError::Login(error.to_string()),
                Some("3D000") => StoreError::NoDatabase(error.to_string()),
                _ => StoreError::Fault(error),
            },
            sqlx::Error::Configuration(why) => StoreError::Address(why.to_string()),
            _ => StoreError::Fault(error),
        }
    }
}

/// Milliseconds since 1970.
#[must_use]
pub fn now() -> i64 {
    let since = SystemTime::now().duration_since(UNIX_EPOCH);
    since.map_or(0, |since| {
        i64::try_from(since.as_millis()).unwrap_or(i64::MAX)
    })
}

/// The address of an SQLite file, which is made where it is missing.
#[must_use]
pub fn sqlite_url(file: &Path) -> String {
    format!("sqlite://{}?mode=rwc", file.display())
}

impl Store {
    /// Connects, and brings the tables up to date. `url` is `postgres://…` or `sqlite://…`;
    /// `connections` counts for PostgreSQL.
    ///
    /// # Errors
    /// The database does not answer, or was written by a newer release.
    pub async fn open(url: &str, connections: u32) -> Result<Store> {
        let store = Store::connect(url, connections).await?;
        store.migrate().await?;
        store.ensure_organisation(FIRST_ORGANISATION).await?;
        tokio::spawn(health::watch(store.clone()));
        Ok(store)
    }

    /// Connects to a database that has our tables already, and makes nothing.
    ///
    /// # Errors
    /// The database does not answer, or holds nothing of ours.
    pub async fn open_made(url: &str) -> Result<Store> {
        let store = Store::connect(url, 1).await?;
        match store.user_count().await {
            Err(StoreError::Fault(sqlx::Error::Database(_))) => Err(StoreError::Empty),
            other => other.map(|_| store),
        }
    }

    async fn connect(url: &str, connections: u32) -> Result<Store> {
        sqlx::any::install_default_drivers();
        let kind = match url.starts_with("sqlite:") {
            true => Kind::Sqlite,
            false => Kind::Postgres,
        };
        let connections = match kind {
            Kind::Sqlite => SQLITE_CONNECTIONS,
            Kind::Postgres => connections.max(1),
        };
        let pool = AnyPoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE)
            .after_connect(move |connection, _| Box::pin(prepare(connection, kind)))
            .connect(url)
            .await?;
        Ok(Store {
            pool,
            kind,
            health: Arc::new(Health::new("store")),
        })
    }

    async fn migrate(&self) -> Result<()> {
        let blob = match self.kind {
            Kind::Sqlite => "BLOB",
            Kind::Postgres => "BYTEA",
        };
        let steps = MIGRATIONS.iter().map(|(version, name, sql)| {
            let sql = AssertSqlSafe(sql.replace("{blob}", blob)).into_sql_str();
            Migration::new(*version, (*name).into(), MigrationType::Simple, sql, false)
        });
        let migrator = Migrator::with_migrations(steps.collect());
        migrator.run(&self.pool).await.map_err(|error| match error {
            sqlx::migrate::MigrateError::Execute(error) => error.into(),
            other => StoreError::Fault(sqlx::Error::Migrate(Box::new(other))),
        })
    }

    /// Which database it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// Whether it answers.
    #[must_use]
    pub fn health(&self) -> &Health {
        &self.health
    }

    /// Connections: open, and of those unused.
    #[must_use]
    pub fn connections(&self) -> (u32, usize) {
        (self.pool.size(), self.pool.num_idle())
    }

    /// A connection is used only while the database answers: otherwise each request would wait for
    /// its own timeout.
    fn up(&self) -> Result<&AnyPool> {
        match self.health.is_up() {
            true => Ok(&self.pool),
            false => Err(StoreError::Unavailable("it is being waited for".to_owned())),
        }
    }

    async fn begin(&self) -> Result<Transaction<'static, sqlx::Any>> {
        let pool = self.up()?;
        // SQLite cannot make a writer of a reader when another one writes.
        Ok(match self.kind {
            Kind::Sqlite => pool.begin_with("BEGIN IMMEDIATE").await?,
            Kind::Postgres => pool.begin().await?,
        })
    }

    async fn ping(&self) -> Result<()> {
        sqlx::query("SELECT 1").execute(&self.pool).await?;
        Ok(())
    }

    /// Closes all connections.
    pub async fn close(&self) {
        self.pool.close().await;
    }
}

/// What every connection is told first.
async fn prepare(connection: &mut AnyConnection, kind: Kind) -> sqlx::Result<()> {
    let statement = match kind {
        Kind::Sqlite => format!(
            "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; PRAGMA foreign_keys = ON; \
             PRAGMA busy_timeout = {}",
            BUSY.as_millis()
        ),
        Kind::Postgres => format!("SET statement_timeout = {}", STATEMENT.as_millis()),
    };
    connection.execute(AssertSqlSafe(statement)).await?;
    Ok(())
}

/// A column that our own statements name.
fn get<'r, T>(row: &'r AnyRow, column: &str) -> Result<T>
where
    T: sqlx::Decode<'r, sqlx::Any> + sqlx::Type<sqlx::Any>,
{
    Ok(row.try_get(column)?)
}
