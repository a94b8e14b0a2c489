//! Redis: shared by all replicas, and never relied on.
//!
//! Every command has a short timeout. After a failure nothing is asked until a look in the background
//! finds it answering again, so that a Redis that is gone costs a timeout or some, and not one for each
//! request. Large values have a connection of their own and more time: over a slow link they are late,
//! and Redis is not gone.

use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use redis::aio::{ConnectionManager, ConnectionManagerConfig};
use redis::{Client, FromRedisValue, RedisResult};
use tokio::sync::mpsc;
use tokio::time::timeout;

use crate::store::Health;

/// For one command: a request must not become slower than this by a Redis that is gone.
const COMMAND: Duration = Duration::from_millis(80);
/// Bytes of a value that goes over any link in that time.
const SMALL: usize = 16 << 10;
/// Bytes of a large value that at least come over in each second; slower, the report is made quicker.
const SLOWEST: usize = 2 << 20;
/// Small commands in a row that come too late before Redis counts as gone.
const LATE: u32 = 3;
/// To connect, in the background.
const CONNECT: Duration = Duration::from_secs(1);
/// Between two looks at a Redis that is gone, and at one that is there.
const BETWEEN: Duration = Duration::from_millis(500);
/// Keys that are deleted with one command.
const BATCH: usize = 500;
/// Messages of a subscription that wait to be read.
const QUEUE: usize = 10_000;

/// How to reach Redis.
#[derive(Clone, Debug)]
pub struct RedisConfig {
    /// `redis://user:password@host:6379/0`
    pub url: String,
}

/// Redis did not do it.
#[derive(Clone, Debug, thiserror::Error)]
pub enum RedisError {
    /// It does not answer.
    #[error("Redis does not answer")]
    Down,
    /// It answers, but this came too late.
    #[error("Redis is too slow")]
    Late,
    /// The address cannot be read.
    #[error("{0}")]
    Address(String),
    /// It refused.
    #[error("Redis refuses: {0}")]
    Refused(String),
}

/// What Redis says of its memory.
#[derive(Clone, Debug)]
pub struct Memory {
    /// Bytes.
    pub used: u64,
    /// Bytes that it may use; 0: all that there are.
    pub most: u64,
    /// Keys of the database.
    pub keys: u64,
    /// Keys dropped for want of room.
    pub evicted: u64,
    /// Its version.
    pub version: String,
}

/// A connection to Redis that many use; cheap to clone.
#[derive(Clone)]
pub struct Redis {
    client: Client,
    manager: ConnectionManager,
    /// For large values.
    bulk: ConnectionManager,
    health: Arc<Health>,
    /// Answers to small commands in a row that came too late.
    late: Arc<AtomicU32>,
}

/// Messages of channels of Redis; an empty text says that some may have been missed.
pub struct Subscription {
    messages: mpsc::Receiver<Message>,
}

/// What a subscription gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Message {
    /// Channel and text.
    Text(String, Vec<u8>),
    /// The connection was made, or made again: what was said before, nobody heard.
    Connected,
}

impl Redis {
    /// Connects in the background: a Redis that is not there yet keeps nobody waiting.
    ///
    /// # Errors
    /// The address cannot be read.
    pub fn open(config: &RedisConfig) -> Result<Redis, RedisError> {
        let address = |error: redis::RedisError| RedisError::Address(error.to_string());
        // An error says that one is installed already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::open(config.url.as_str()).map_err(address)?;
        let connection = |longest: Option<Duration>| {
            let settings = ConnectionManagerConfig::new()
                .set_response_timeout(longest)
                .set_connection_timeout(Some(CONNECT))
                .set_number_of_retries(1);
            ConnectionManager::new_lazy_with_config(client.clone(), settings).map_err(address)
        };
        let manager = connection(Some(COMMAND))?;
        // Each of its commands has a time of its own.
        let bulk = connection(None)?;
        let redis = Redis {
            client,
            manager,
            bulk,
            health: Arc::new(Health::new("redis")),
            late: Arc::default(),
        };
        tokio::spawn(redis.clone().watch());
        Ok(redis)
    }

    async fn watch(self) {
        loop {
            let ping = timeout(CONNECT, self.ping()).await;
            match ping {
                Ok(Ok(())) => self.health.set(true, ""),
                Ok(Err(error)) => self.health.set(false, &error.to_string()),
                Err(_) => self.health.set(false, "no answer in time"),
            }
            tokio::time::sleep(BETWEEN).await;
        }
    }

    /// Whether it answered last.
    #[must_use]
    pub fn is_up(&self) -> bool {
        self.health.is_up()
    }

    /// Whether it answers, and since when.
    #[must_use]
    pub fn health(&self) -> &Health {
        &self.health
    }

    async fn ping(&self) -> RedisResult<()> {
        let ping = redis::cmd("PING");
        self.ask::<()>(&ping).await?;
        // Back it is when large values can be sent, too.
        match self.is_up() {
            true => Ok(()),
            false => ping.query_async(&mut self.bulk.clone()).await,
        }
    }

    async fn ask<T: FromRedisValue>(&self, command: &redis::Cmd) -> RedisResult<T> {
        command.query_async(&mut self.manager.clone()).await
    }

    /// One command, while Redis answers and within its time.
    async fn run<T: FromRedisValue>(&self, command: &redis::Cmd) -> Result<T, RedisError> {
        if !self.health.is_up() {
            return Err(RedisError::Down);
        }
        match timeout(COMMAND, self.ask(command)).await {
            Ok(Ok(answer)) => {
                self.late.store(0, Ordering::Relaxed);
                Ok(answer)
            }
            Ok(Err(error)) if error.is_timeout() => Err(self.late()),
            Ok(Err(error)) if error.is_io_error() => {
                self.health.set(false, &error.to_string());
                Err(RedisError::Down)
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "Redis refuses a command");
                Err(RedisError::Refused(error.to_string()))
            }
            Err(_) => Err(self.late()),
        }
    }

    /// One command with a large value, in the time that so many bytes take. Too late, it says nothing of
    /// Redis.
    async fn run_large<T: FromRedisValue>(
        &self,
        command: &redis::Cmd,
        bytes: usize,
    ) -> Result<T, RedisError> {
        if !self.health.is_up() {
            return Err(RedisError::Down);
        }
        let patience = COMMAND + Duration::from_secs_f64(bytes as f64 / SLOWEST as f64);
        let mut bulk = self.bulk.clone();
        match timeout(patience, command.query_async(&mut bulk)).await {
            Ok(Ok(answer)) => Ok(answer),
            Ok(Err(error)) if error.is_timeout() => Err(RedisError::Late),
            Ok(Err(error)) if error.is_io_error() => {
                self.health.set(false, &error.to_string());
                Err(RedisError::Down)
            }
            Ok(Err(error)) => {
                tracing::warn!(%error, "Redis refuses a command");
                Err(RedisError::Refused(error.to_string()))
            }
            Err(_) => {
                tracing::debug!(bytes, "Redis was too slow for a large value");
                Err(RedisError::Late)
            }
        }
    }

    /// One late answer may be this machine's own fault; after some in a row Redis is gone.
    fn late(&self) -> RedisError {
        if self.late.fetch_add(1, Ordering::Relaxed) + 1 >= LATE {
            self.health.set(false, "no answer in time");
        }
        RedisError::Down
    }

    /// The value of a key.
    pub(super) async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, RedisError> {
        // How long it may take is known by its length only.
        let length: usize = self.run(redis::cmd("STRLEN").arg(key)).await?;
        match length {
            0 => Ok(None),
            1..=SMALL => self.run(redis::cmd("GET").arg(key)).await,
            _ => self.run_large(redis::cmd("GET").arg(key), length).await,
        }
    }

    /// Sets a key for some time.
    pub(super) async fn set(
        &self,
        key: &str,
        value: &[u8],
        lives: Duration,
    ) -> Result<(), RedisError> {
        let seconds = lives.as_secs().max(1);
        let mut set = redis::cmd("SET");
        set.arg(key).arg(value).arg("EX").arg(seconds);
        match value.len() {
            0..=SMALL => self.run(&set).await,
            length => self.run_large(&set, length).await,
        }
    }

    /// Deletes all keys of a pattern. Answers how many.
    pub(super) async fn delete_matching(&self, pattern: &str) -> Result<u64, RedisError> {
        let (mut cursor, mut deleted) = (0_u64, 0);
        loop {
            let mut scan = redis::cmd("SCAN");
            scan.arg(cursor)
                .arg("MATCH")
                .arg(pattern)
                .arg("COUNT")
                .arg(BATCH);
            let (next, keys): (u64, Vec<String>) = self.run(&scan).await?;
            if !keys.is_empty() {
                deleted += self.run::<u64>(redis::cmd("UNLINK").arg(keys)).await?;
            }
            if next == 0 {
                return Ok(deleted);
            }
            cursor = next;
        }
    }

    /// Its version, asked once whatever was learnt before: for whoever wants to know why it is not used.
    pub async fn version(&self) -> Result<String, RedisError> {
        match timeout(CONNECT, self.ask::<String>(&redis::cmd("INFO"))).await {
            Ok(Ok(info)) => Ok(field(&info, "redis_version")),
            Ok(Err(error)) if !error.is_io_error() => Err(RedisError::Refused(error.to_string())),
            Ok(Err(_)) | Err(_) => Err(RedisError::Down),
        }
    }

    /// What it says of its memory.
    pub async fn memory(&self) -> Result<Memory, RedisError> {
        let info: String = self.run(&redis::cmd("INFO")).await?;
        let keys: u64 = self.run(&redis::cmd("DBSIZE")).await?;
        let number = |name: &str| field(&info, name).parse().unwrap_or(0);
        Ok(Memory {
            used: number("used_memory"),
            most: number("maxmemory"),
            keys,
            evicted: number("evicted_keys"),
            version: field(&info, "redis_version"),
        })
    }

    /// Says something to all replicas that listen.
    pub async fn publish(&self, channel: &str, text: &[u8]) -> Result<(), RedisError> {
        let listeners = self
            .run::<u64>(redis::cmd("PUBLISH").arg(channel).arg(text))
            .await;
        listeners.map(|_| ())
    }

    /// Listens to channels by pattern, and goes on after Redis was gone.
    #[must_use]
    pub fn subscribe(&self, pattern: &str) -> Subscription {
        let (send, messages) = mpsc::channel(QUEUE);
        tokio::spawn(listen(self.client.clone(), pattern.to_owned(), send));
        Subscription { messages }
    }
}

/// A line of what it says of itself; empty where there is none.
fn field(info: &str, name: &str) -> String {
    let line = info
        .lines()
        .find_map(|line| line.strip_prefix(name)?.strip_prefix(':'));
    line.unwrap_or_default().trim().to_owned()
}

async fn listen(client: Client, pattern: String, send: mpsc::Sender<Message>) {
    use futures_util::StreamExt as _;
    while !send.is_closed() {
        if let Ok(Ok(mut pubsub)) = timeout(CONNECT, client.get_async_pubsub()).await
            && pubsub.psubscribe(&pattern).await.is_ok()
        {
            if send.send(Message::Connected).await.is_err() {
                return;
            }
            let mut stream = pubsub.on_message();
            while let Some(message) = stream.next().await {
                let channel = message.get_channel_name().to_owned();
                let text = message.get_payload_bytes().to_vec();
                if send.send(Message::Text(channel, text)).await.is_err() {
                    return;
                }
            }
        }
        tokio::time::sleep(BETWEEN).await;
    }
}

impl Subscription {
    /// The next message; none: the program ends.
    pub async fn next(&mut self) -> Option<Message> {
        self.messages.recv().await
    }
}
