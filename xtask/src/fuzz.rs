//! Fuzzes the engine.

use anyhow::{Context as _, Result, bail};

use crate::context::Context;
use crate::process;

/// How long a target runs when nobody says.
const DEFAULT_SECONDS: u32 = 60;

/// `./x fuzz`
pub fn fuzz(context: &Context, arguments: &[String]) -> Result<()> {
    let Request { target, seconds } = parse(arguments)?;
    if !process::answers(context.program("cargo").args(["+nightly", "--version"])) {
        bail!("fuzzing needs a nightly toolchain: rustup toolchain install nightly");
    }
    if !process::answers(
        context
            .program("cargo")
            .args(["+nightly", "fuzz", "--version"]),
    ) {
        bail!("fuzzing needs cargo-fuzz: cargo install cargo-fuzz --locked");
    }
    let targets = match target {
        Some(target) => vec![target],
        None => {
            let list =
                process::output(context.program("cargo").args(["+nightly", "fuzz", "list"]))?;
            list.lines().map(str::to_owned).collect()
        }
    };
    for target in targets {
        process::step(&format!("Fuzzing {target} for {seconds} s"), || {
            let mut command = context.program("cargo");
            // Without our RUSTUP_TOOLCHAIN, so that cargo's own children are nightly too.
            command
                .env_remove("RUSTUP_TOOLCHAIN")
                .args(["+nightly", "fuzz", "run", &target]);
            // The folders the target reads from: what it found before, and the seeds in the repository.
            let corpus = format!("fuzz/corpus/{target}");
            std::fs::create_dir_all(context.root.join(&corpus))?;
            command.arg(corpus);
            let seeds = format!("fuzz/seeds/{target}");
            if context.root.join(&seeds).is_dir() {
                command.arg(seeds);
            }
            process::run(command.args(["--", &format!("-max_total_time={seconds}")]))
        })?;
    }
    Ok(())
}

/// What the command line asks for.
#[derive(Debug, PartialEq)]
struct Request {
    /// One target, or all.
    target: Option<String>,
    seconds: u32,
}

fn parse(arguments: &[String]) -> Result<Request> {
    let mut request = Request {
        target: None,
        seconds: DEFAULT_SECONDS,
    };
    let mut words = arguments.iter();
    while let Some(word) = words.next() {
        if word == "--seconds" {
            let number = words.next().context("--seconds needs a number")?;
            request.seconds = number
                .parse()
                .with_context(|| format!("--seconds {number}: not a number of seconds"))?;
        } else if word.starts_with('-') || request.target.is_some() {
            bail!("`{word}` is not understood, see ./x fuzz --help");
        } else {
            request.target = Some(word.clone());
        }
    }
    Ok(request)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse_words(words: &str) -> Result<Request> {
        parse(
            &words
                .split_whitespace()
                .map(str::to_owned)
                .collect::<Vec<_>>(),
        )
    }

    #[test]
    fn target_and_seconds_in_any_order() {
        assert_eq!(
            parse_words("").unwrap(),
            Request {
                target: None,
                seconds: 60
            }
        );
        let both = Request {
            target: Some("step".into()),
            seconds: 5,
        };
        assert_eq!(parse_words("step --seconds 5").unwrap(), both);
        assert_eq!(parse_words("--seconds 5 step").unwrap(), both);
    }

    #[test]
    fn nonsense_is_refused() {
        for words in ["--seconds", "--seconds soon", "--second 5", "step model"] {
            assert!(parse_words(words).is_err(), "{words}");
        }
    }
}
