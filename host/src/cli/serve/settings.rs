//! docs/configuration.md, made of the flags themselves.

use std::fmt::Write as _;

use clap::{Arg, ArgAction, Args as _, Command};

use super::args::Args;

const HEAD: &str = "\
# Configuration of `plancheck serve`

Made by `plancheck serve --print-settings`; a test holds this page against the program.

A flag counts before its variable, that before the file that `--config` names, that before the default. The file is TOML,
its keys are the flags without their dashes:

```toml
listen = \"0.0.0.0:8080\"
database-url-file = \"/run/secrets/database\"
token-keys-file = \"/run/secrets/token-keys\"
trusted-proxy = [\"10.0.0.0/8\"]
```

`plancheck serve --check-config` says what is configured and whether database and Redis answer, and ends. Secrets can stand in
files (`…-file`), and are never printed. `PLANCHECK_LOG` chooses what is logged: `info`, `debug`, `plancheck::audit=info`, ….
";

/// The page.
pub(super) fn page() -> String {
    let serve = Args::augment_args(Command::new("serve"));
    let mut page = HEAD.to_owned();
    let mut heading = String::new();
    for argument in serve.get_arguments() {
        let Some(long) = argument.get_long() else {
            continue;
        };
        if argument.is_hide_set() || matches!(long, "help" | "version") {
            continue;
        }
        let under = argument.get_help_heading().unwrap_or("The server");
        if under != heading {
            under.clone_into(&mut heading);
            let _ = write!(
                page,
                "\n## {heading}\n\n| flag | variable | default | meaning |\n|---|---|---|---|\n"
            );
        }
        let _ = writeln!(page, "{}", row(long, argument));
    }
    page
}

fn row(long: &str, argument: &Arg) -> String {
    let value = match argument.get_action() {
        ArgAction::SetTrue => String::new(),
        _ => {
            let names = argument.get_value_names().unwrap_or_default();
            names
                .first()
                .map(|name| format!(" {name}"))
                .unwrap_or_default()
        }
    };
    let variable = argument
        .get_env()
        .map(|name| format!("`{}`", name.to_string_lossy()));
    let default: Vec<String> = argument
        .get_default_values()
        .iter()
        .filter(|_| !matches!(argument.get_action(), ArgAction::SetTrue))
        .map(|value| format!("`{}`", value.to_string_lossy()))
        .collect();
    let help = argument
        .get_help()
        .map(ToString::to_string)
        .unwrap_or_default();
    format!(
        "| `--{long}{value}` | {} | {} | {} |",
        variable.unwrap_or_default(),
        default.join(", "),
        help.replace('\n', " ").replace('|', "\\|"),
    )
}
