//! The log: lines for people, or JSON for machines. One event is one line, whatever a client wrote.

use std::io;

use clap::ValueEnum;
use tracing_subscriber::filter::{LevelFilter, Targets};
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, Layer as _};

use super::Traces;

/// How events are written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One object in each line.
    Json,
}

/// The variable that chooses what is logged.
const VARIABLE: &str = "PLANCHECK_LOG";

/// What `PLANCHECK_LOG` chooses. A word alone is a level: read as the name of a target, as the filter would,
/// a misspelt one switched the log off.
fn filter(text: &str) -> Result<EnvFilter, String> {
    const LEVELS: [&str; 6] = ["off", "error", "warn", "info", "debug", "trace"];
    let wrong = |word: &str, why: &str| {
        let word = crate::render::safe(word);
        format!(
            "{VARIABLE}: `{word}` {why}: write one of {}, and target=level for parts of it, such as \
             warn,plancheck::audit=info",
            LEVELS.join(", ")
        )
    };
    for word in text
        .split(',')
        .map(str::trim)
        .filter(|word| !word.is_empty())
    {
        let level = word.rsplit_once('=').map_or(word, |(_, level)| level);
        if !LEVELS.contains(&level.to_ascii_lowercase().as_str()) {
            return Err(wrong(word, "is no level"));
        }
    }
    let text = if text.trim().is_empty() { "info" } else { text };
    EnvFilter::try_new(text).map_err(|_| wrong(text, "cannot be read"))
}

/// Begins to log to standard error, and to make traces. `PLANCHECK_LOG` chooses what is logged.
///
/// # Errors
/// It cannot be read.
pub fn init(format: LogFormat, traces: Option<&Traces>) -> Result<(), String> {
    let filter = filter(&std::env::var(VARIABLE).unwrap_or_default())?;
    let terminal = io::IsTerminal::is_terminal(&io::stderr());
    let log = tracing_subscriber::fmt::layer()
        .with_writer(io::stderr)
        .with_ansi(terminal);
    let log = match format {
        LogFormat::Text => log.boxed(),
        LogFormat::Json => log.json().flatten_event(true).boxed(),
    };
    // Spans of ours; what libraries say is for the log.
    let traces = traces.map(|traces| {
        tracing_opentelemetry::layer()
            .with_tracer(traces.tracer())
            .with_filter(Targets::new().with_target("plancheck", LevelFilter::INFO))
    });
    tracing_subscriber::registry()
        .with(log.with_filter(filter))
        .with(traces)
        .init();
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::filter;

    #[test]
    fn a_misspelt_level_is_no_target() {
        for fine in ["", "info", "DEBUG", "warn,plancheck::audit=info", "off"] {
            assert!(filter(fine).is_ok(), "{fine}");
        }
        for wrong in ["inof", "warn,plancheck=inof", "plancheck"] {
            let why = filter(wrong).unwrap_err();
            assert!(why.contains("is no level"), "{why}");
        }
    }
}
