//! `/api/v1/users` and `/api/v1/keys`: accounts of people and machines, for administrators.

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::ClientAddress;
use super::auth::new_hash;
use super::body::{Json, Listing, Page, Path, Query, time};
use super::problem::Problem;
use super::state::AppState;
use crate::auth::{API_KEY, Caller, Role, Secret};
use crate::store::{ApiKey, AuditEntry, Changed, NewUser, StoreError, User, UserChange, now};

/// An account.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Account {
    /// Never changes.
    id: String,
    /// To log in with.
    name: String,
    /// Where it belongs to.
    organisation: String,
    /// What it may do.
    role: Role,
    /// Nobody can log in with it.
    disabled: bool,
    /// RFC 3339.
    created_at: String,
    /// RFC 3339.
    updated_at: String,
}

impl From<User> for Account {
    fn from(user: User) -> Account {
        Account {
            id: user.id,
            name: user.name,
            organisation: user.organisation,
            role: user.role,
            disabled: user.disabled,
            created_at: time(user.created_at),
            updated_at: time(user.updated_at),
        }
    }
}

/// An account to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewAccount {
    /// To log in with: letters, digits, `.`, `_`, `-`, `@`; at most 64.
    #[schema(min_length = 1, max_length = 64, pattern = "^[A-Za-z0-9._@-]+$")]
    name: String,
    /// At least 12 characters.
    #[schema(min_length = 12)]
    password: String,
    /// What it may do.
    role: Role,
    /// Where it belongs to: lower case letters, digits, hyphens; made where it is missing. Otherwise
    /// the caller's.
    #[schema(min_length = 1, max_length = 64, pattern = "^[a-z0-9-]+$")]
    organisation: Option<String>,
}

/// What changes in an account; what is left out stays.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AccountChange {
    /// What it may do.
    role: Option<Role>,
    /// Whether nobody can log in with it.
    disabled: Option<bool>,
    /// At least 12 characters.
    #[schema(min_length = 12)]
    password: Option<String>,
}

/// Letters of a name.
const LONGEST_NAME: usize = 64;

fn word(text: &str, allowed: impl Fn(char) -> bool) -> bool {
    !text.is_empty() && text.len() <= LONGEST_NAME && text.chars().all(allowed)
}

fn bad(detail: &'static str) -> Problem {
    Problem::new(StatusCode::UNPROCESSABLE_ENTITY, "bad-body", detail)
}

fn no_such_account() -> Problem {
    Problem::nothing("no-such-user", "there is no account of this id")
}

/// List accounts
#[utoipa::path(
    get, path = "/api/v1/users", tag = "accounts", params(Page),
    responses((status = 200, body = Listing<Account>)),
)]
pub(super) async fn list(
    State(state): State<AppState>,
    Query(page): Query<Page>,
) -> Result<axum::Json<Listing<Account>>, Problem> {
    let limit = page.limit()?;
    let users = state.services().store.users(&page.after, limit).await?;
    let accounts = users.into_iter().map(Account::from).collect();
    Ok(axum::Json(Listing::new(
        accounts,
        limit,
        |account: &Account| account.name.clone(),
    )))
}

/// Make an account
#[utoipa::path(
    post, path = "/api/v1/users", tag = "accounts", request_body = NewAccount,
    responses(
        (status = 201, body = Account), (status = 409, description = "the name is taken"),
        (status = 422, description = "a name or password that is not taken"),
    ),
)]
pub(super) async fn create(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    caller: Caller,
    Json(new): Json<NewAccount>,
) -> Result<(StatusCode, axum::Json<Account>), Problem> {
    let services = state.services();
    let named = |c: char| c.is_ascii_alphanumeric() || "._@-".contains(c);
    if !word(&new.name, named) {
        return Err(bad("a name has 1 to 64 letters, digits, and . _ @ -"));
    }
    let organisation = new
        .organisation
        .unwrap_or_else(|| caller.organisation.clone());
    let simple = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !word(&organisation, simple) {
        return Err(bad(
            "an organisation has 1 to 64 lower case letters, digits and hyphens",
        ));
    }
    if new.role == Role::ApiUser {
        return Err(bad("machines get a key: POST /api/v1/keys"));
    }
    let name = new.name.to_lowercase();
    let password_hash = new_hash(&state, &name, new.password).await?;
    services.store.ensure_organisation(&organisation).await?;
    let user = NewUser {
        organisation,
        name,
        role: new.role,
        password_hash,
    };
    let user = services
        .store
        .add_user(user)
        .await
        .map_err(|error| match error {
            StoreError::Conflict => Problem::new(
                StatusCode::CONFLICT,
                "exists",
                "an account has this name already",
            ),
            other => other.into(),
        })?;
    note(
        &state,
        &caller,
        address,
        "user_created",
        &user.id,
        user.role.name(),
    )
    .await;
    Ok((StatusCode::CREATED, axum::Json(user.into())))
}

/// See an account
#[utoipa::path(
    get, path = "/api/v1/users/{id}", tag = "accounts", params(("id" = String, Path)),
    responses((status = 200, body = Account), (status = 404, description = "no such account")),
)]
pub(super) async fn read(
    State(state): State<AppState>,
    Path(id): Path<String>,
) -> Result<axum::Json<Account>, Problem> {
    let user = state.services().store.user(&id).await?;
    Ok(axum::Json(user.ok_or_else(no_such_account)?.into()))
}

/// Change an account
///
/// Sessions of a disabled account, and of one whose role or password changed, end within a second.
#[utoipa::path(
    patch, path = "/api/v1/users/{id}", tag = "accounts", params(("id" = String, Path)),
    request_body = AccountChange,
    responses(
        (status = 200, body = Account), (status = 404, description = "no such account"),
        (status = 409, description = "it is the last administrator"),
        (status = 422, description = "a password or role that is not taken"),
    ),
)]
pub(super) async fn change(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    caller: Caller,
    Path(id): Path<String>,
    Json(change): Json<AccountChange>,
) -> Result<axum::Json<Account>, Problem> {
    let services = state.services();
    let user = services
        .store
        .user(&id)
        .await?
        .ok_or_else(no_such_account)?;
    if change.role == Some(Role::ApiUser) {
        return Err(bad("machines get a key: POST /api/v1/keys"));
    }
    let password_hash = match change.password {
        None => None,
        Some(password) => Some(new_hash(&state, &user.name, password).await?),
    };
    let ends = change.role.is_some_and(|role| role != user.role)
        || change.disabled == Some(true)
        || password_hash.is_some();
    let changes = UserChange {
        role: change.role,
        disabled: change.disabled,
        password_hash,
    };
    done(services.store.change_user(&id, changes).await?)?;
    if ends {
        let why = "the account was changed";
        services.accounts.logout_everywhere(&id, "", why).await?;
    }
    if let Some(role) = change.role.filter(|role| *role != user.role) {
        note(&state, &caller, address, "role_changed", &id, role.name()).await;
    } else {
        note(&state, &caller, address, "user_changed", &id, "").await;
    }
    let user = services
        .store
        .user(&id)
        .await?
        .ok_or_else(no_such_account)?;
    Ok(axum::Json(user.into()))
}

/// Remove an account
#[utoipa::path(
    delete, path = "/api/v1/users/{id}", tag = "accounts", params(("id" = String, Path)),
    responses(
        (status = 204, description = "removed"), (status = 404, description = "no such account"),
        (status = 409, description = "it is the last administrator"),
    ),
)]
pub(super) async fn remove(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let services = state.services();
    let user = services
        .store
        .user(&id)
        .await?
        .ok_or_else(no_such_account)?;
    // Its sessions go with it.
    done(services.store.remove_user(&id).await?)?;
    services.accounts.forget_sessions();
    note(&state, &caller, address, "user_removed", &id, &user.name).await;
    Ok(StatusCode::NO_CONTENT)
}

fn done(changed: Changed) -> Result<(), Problem> {
    match changed {
        Changed::Done => Ok(()),
        Changed::Missing => Err(no_such_account()),
        Changed::LastAdministrator => Err(Problem::new(
            StatusCode::CONFLICT,
            "last-administrator",
            "this is the last administrator; make another one first",
        )),
    }
}

async fn note(
    state: &AppState,
    caller: &Caller,
    address: std::net::IpAddr,
    event: &str,
    subject: &str,
    detail: &str,
) {
    let entry = AuditEntry {
        organisation: Some(caller.organisation.clone()),
        actor: Some(caller.id.clone()),
        event: event.to_owned(),
        subject: Some(subject.to_owned()),
        address: Some(address.to_string()),
        detail: (!detail.is_empty()).then(|| detail.to_owned()),
        ..AuditEntry::default()
    };
    state.services().accounts.note(entry).await;
}

/// A key of a machine.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Key {
    /// Never changes.
    id: String,
    /// For people.
    name: String,
    /// Where it belongs to.
    organisation: String,
    /// The user who made it.
    created_by: String,
    /// RFC 3339.
    created_at: String,
    /// RFC 3339; none: it does not expire.
    expires_at: Option<String>,
    /// RFC 3339; none: it was not revoked.
    revoked_at: Option<String>,
    /// The key itself: shown once, when it is made.
    #[serde(skip_serializing_if = "Option::is_none")]
    key: Option<String>,
}

impl From<ApiKey> for Key {
    fn from(key: ApiKey) -> Key {
        Key {
            id: key.id,
            name: key.name,
            organisation: key.organisation,
            created_by: key.created_by,
            created_at: time(key.created_at),
            expires_at: key.expires_at.map(time),
            revoked_at: key.revoked_at.map(time),
            key: None,
        }
    }
}

/// A key to make.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewKey {
    /// For people: what uses it.
    #[schema(min_length = 1, max_length = 64)]
    name: String,
    /// After how many days it expires; otherwise it does not.
    #[schema(minimum = 1, maximum = 3650)]
    expires_in_days: Option<u16>,
}

/// List keys
#[utoipa::path(
    get, path = "/api/v1/keys", tag = "accounts", params(Page),
    responses((status = 200, body = Listing<Key>)),
)]
pub(super) async fn list_keys(
    State(state): State<AppState>,
    caller: Caller,
    Query(page): Query<Page>,
) -> Result<axum::Json<Listing<Key>>, Problem> {
    let limit = page.limit()?;
    let store = &state.services().store;
    let keys = store
        .api_keys(&caller.organisation, &page.after, limit)
        .await?;
    let keys = keys.into_iter().map(Key::from).collect();
    Ok(axum::Json(Listing::new(keys, limit, |key: &Key| {
        key.id.clone()
    })))
}

/// Make a key for a machine
///
/// It has the role `api_user` in the caller's organisation. The key itself is shown once.
#[utoipa::path(
    post, path = "/api/v1/keys", tag = "accounts", request_body = NewKey,
    responses((status = 201, body = Key), (status = 422, description = "a name or time that is not taken")),
)]
pub(super) async fn create_key(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    caller: Caller,
    Json(new): Json<NewKey>,
) -> Result<(StatusCode, axum::Json<Key>), Problem> {
    let printable = |c: char| !c.is_control();
    if !word(&new.name, printable) {
        return Err(bad("a name has 1 to 64 characters"));
    }
    if new
        .expires_in_days
        .is_some_and(|days| !(1..=3650).contains(&days))
    {
        return Err(bad("a key expires in 1 to 3650 days"));
    }
    let expires = new
        .expires_in_days
        .map(|days| now() + i64::from(days) * 24 * 3_600_000);
    let secret = Secret::new(API_KEY);
    let store = &state.services().store;
    let organisation = &caller.organisation;
    let key = store
        .add_api_key(organisation, &new.name, &secret.hash(), &caller.id, expires)
        .await?;
    note(&state, &caller, address, "key_created", &key.id, &key.name).await;
    let shown = Key {
        key: Some(secret.text().to_owned()),
        ..key.into()
    };
    Ok((StatusCode::CREATED, axum::Json(shown)))
}

/// Revoke a key
#[utoipa::path(
    delete, path = "/api/v1/keys/{id}", tag = "accounts", params(("id" = String, Path)),
    responses((status = 204, description = "revoked"), (status = 404, description = "no such key")),
)]
pub(super) async fn revoke_key(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    let store = &state.services().store;
    if !store.revoke_api_key(&caller.organisation, &id).await? {
        return Err(Problem::nothing(
            "no-such-key",
            "there is no key of this id that is in use",
        ));
    }
    note(&state, &caller, address, "key_revoked", &id, "").await;
    Ok(StatusCode::NO_CONTENT)
}
