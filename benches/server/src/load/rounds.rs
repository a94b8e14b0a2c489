//! Requests over kept connections: as many as there is room for, or at a steady rate.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use tokio::task::JoinSet;

use super::http::Connection;
use crate::process::Server;

/// What a round gave.
#[derive(Clone, Copy, Debug)]
pub struct Round {
    /// Answers in each second.
    pub each_second: f64,
    /// Microseconds of processor time in the server for each answer.
    pub processor: f64,
}

/// Sends a request again and again over so many connections for some time: the next one when the
/// answer to the last one has come. Every answer must have this status.
pub async fn flood(
    server: &Server,
    request: &Arc<Vec<u8>>,
    status: u16,
    connections: usize,
    time: Duration,
) -> Result<Round> {
    let mut tasks = JoinSet::new();
    let mut ready = Vec::new();
    for _ in 0..connections {
        let mut connection = Connection::open(&server.address).await?;
        answered(&mut connection, request, status).await?;
        ready.push(connection);
    }
    let spent = server.processor();
    let began = Instant::now();
    for mut connection in ready {
        let request = Arc::clone(request);
        tasks.spawn(async move {
            let mut count = 0_u64;
            while began.elapsed() < time {
                answered(&mut connection, &request, status).await?;
                count += 1;
            }
            Ok::<u64, anyhow::Error>(count)
        });
    }
    let mut count = 0;
    while let Some(ended) = tasks.join_next().await {
        count += ended??;
    }
    let took = began.elapsed().as_secs_f64();
    let spent = (server.processor() - spent).as_secs_f64();
    Ok(Round {
        each_second: count as f64 / took,
        processor: spent * 1e6 / count as f64,
    })
}

/// Sends requests at a steady rate over so many connections. The times, in nanoseconds, begin when a
/// request is due: one that waits because the one before it is late counts its waiting too.
pub async fn steady(
    server: &Server,
    request: &Arc<Vec<u8>>,
    status: u16,
    connections: usize,
    each_second: u32,
    time: Duration,
) -> Result<Vec<u64>> {
    let mut tasks = JoinSet::new();
    let between = Duration::from_secs(1) * u32::try_from(connections)? / each_second;
    let began = Instant::now() + Duration::from_millis(50);
    for number in 0..connections {
        let mut connection = Connection::open(&server.address).await?;
        answered(&mut connection, request, status).await?;
        let request = Arc::clone(request);
        let first = began + Duration::from_secs_f64(number as f64 / f64::from(each_second));
        tasks.spawn(async move {
            let mut took = Vec::new();
            let mut due = first;
            while due < began + time {
                tokio::time::sleep_until(due.into()).await;
                // The timer's own grain of a millisecond is not the server's.
                let from = if due.elapsed() < Duration::from_millis(2) {
                    Instant::now()
                } else {
                    due
                };
                answered(&mut connection, &request, status).await?;
                took.push(u64::try_from(from.elapsed().as_nanos())?);
                due += between;
            }
            Ok::<Vec<u64>, anyhow::Error>(took)
        });
    }
    let mut all = Vec::new();
    while let Some(ended) = tasks.join_next().await {
        all.extend(ended??);
    }
    Ok(all)
}

async fn answered(connection: &mut Connection, request: &[u8], status: u16) -> Result<()> {
    let answer: io::Result<(u16, usize)> = connection.exchange(request).await;
    let (given, _) = answer.context("a connection broke off")?;
    if given != status {
        bail!("{given} instead of {status}");
    }
    Ok(())
}
