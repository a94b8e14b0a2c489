//! `plancheck reset-password`: for an administrator whom nobody else can let in again.

use super::args::StoreArgs;
use super::services::open_store;
use crate::auth::{Passwords, Secret};
use crate::cli::exit::{self, Failure};
use crate::cli::output;
use crate::render::safe;
use crate::store::{AuditEntry, Changed, UserChange};

/// Give an account a new password, and end its sessions
#[derive(clap::Args)]
#[command(after_help = "\
Examples:
  plancheck reset-password admin
  plancheck reset-password ada --database-url-file /run/secrets/database

Prints the new password once. The server may be running meanwhile. Whoever may read its database may do
this: it is for administrators that nobody else can let in again.")]
pub(in crate::cli) struct Args {
    /// Whose
    #[arg(value_name = "NAME")]
    name: String,
    #[command(flatten)]
    store: StoreArgs,
}

pub(in crate::cli) fn run(args: &Args) -> Result<u8, Failure> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|error| Failure::fault(format!("cannot start: {error}")))?;
    runtime.block_on(reset(args))
}

async fn reset(args: &Args) -> Result<u8, Failure> {
    let failed = |error: &dyn std::fmt::Display| Failure::fault(error);
    let store = open_store(&args.store).await?;
    let name = args.name.to_lowercase();
    let user = store.user_by_name(&name).await;
    let Some(user) = user.map_err(|error| failed(&error))? else {
        let known = store.users("", 20).await.unwrap_or_default();
        let known: Vec<&str> = known.iter().map(|user| user.name.as_str()).collect();
        return Err(Failure::usage(format!(
            "there is no account `{}`; there are: {}",
            safe(&name),
            safe(&known.join(", "))
        )));
    };
    let password = Secret::password();
    let hash = Passwords::default().hash(password.clone()).await;
    let change = UserChange {
        password_hash: Some(hash.map_err(|error| failed(&error))?),
        ..UserChange::default()
    };
    let changed = store.change_user(&user.id, change).await;
    if changed.map_err(|error| failed(&error))? != Changed::Done {
        let why = format!("the account `{}` was removed meanwhile", safe(&name));
        return Err(Failure::usage(why));
    }
    let ended = store
        .end_sessions(&user.id, "", "the password was reset")
        .await;
    ended.map_err(|error| failed(&error))?;
    let entry = AuditEntry {
        organisation: Some(user.organisation),
        event: "password_reset".to_owned(),
        subject: Some(user.id),
        detail: Some("plancheck reset-password".to_owned()),
        ..AuditEntry::default()
    };
    let written = store.write_audit(&entry).await;
    written.map_err(|error| failed(&error))?;
    store.close().await;
    output::print(&format!("{password}\n"))?;
    if user.disabled {
        eprintln!(
            "plancheck: the new password of `{name}`, which is DISABLED: nobody can log in with it until \
             an administrator enables it (PATCH /api/v1/users/{{id}})"
        );
        return Ok(exit::FINDINGS);
    }
    eprintln!("plancheck: the new password of `{name}`; change it with POST /api/v1/auth/password");
    Ok(exit::CLEAN)
}
