//! `/api/v1/auth`: login, refresh, logout, and one's own account.

use std::net::IpAddr;

use axum::extract::State;
use axum::http::StatusCode;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::access::ClientAddress;
use super::body::{Json, time};
use super::problem::Problem;
use super::state::AppState;
use crate::auth::{AuthError, Caller, LoggedIn, Permission, Role, acceptable};
use crate::render::cut;
use crate::store::{AuditEntry, Changed};

/// Name and password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Login {
    /// Of the account.
    #[schema(example = "admin")]
    name: String,
    /// Of the account.
    password: String,
}

/// A refresh token.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Refresh {
    /// As the last login or refresh gave it.
    refresh_token: String,
}

/// The old and the new password.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewPassword {
    /// As it is.
    current: String,
    /// As it shall be: at least 12 characters.
    #[schema(min_length = 12)]
    new: String,
}

/// What to send with further requests.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct TokenPair {
    /// For `Authorization: Bearer`.
    access_token: String,
    /// Always `Bearer`.
    token_type: &'static str,
    /// Seconds that the access token is good for.
    expires_in: i64,
    /// For the next access token; used once.
    refresh_token: String,
    /// Who that is.
    user: Me,
}

/// Who asks.
#[derive(Debug, Serialize, ToSchema)]
pub(super) struct Me {
    /// Of the account or the key.
    id: String,
    /// For people.
    name: String,
    /// Whose buildings they see.
    organisation: String,
    /// What they are.
    role: Option<Role>,
    /// What they may do.
    permissions: Vec<Permission>,
    /// When what they sent expires (RFC 3339).
    expires: Option<String>,
}

fn me(caller: &Caller) -> Me {
    Me {
        id: caller.id.clone(),
        name: caller.name.clone(),
        organisation: caller.organisation.clone(),
        role: caller.role,
        permissions: caller
            .role
            .map(|role| role.permissions().to_vec())
            .unwrap_or_default(),
        expires: caller.expires.map(|at| time(at * 1_000)),
    }
}

fn pair(given: LoggedIn) -> TokenPair {
    let claims = given.claims;
    TokenPair {
        access_token: given.access_token,
        token_type: "Bearer",
        expires_in: claims.exp - claims.iat,
        refresh_token: given.refresh_token,
        user: Me {
            id: claims.sub,
            name: claims.name,
            organisation: claims.org,
            role: Some(claims.role),
            permissions: claims.role.permissions().to_vec(),
            expires: Some(time(claims.exp * 1_000)),
        },
    }
}

/// Log in
#[utoipa::path(
    post, path = "/api/v1/auth/login", tag = "accounts", request_body = Login,
    responses((status = 200, body = TokenPair), (status = 401, description = "wrong name or password")),
)]
pub(super) async fn login(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    Json(Login { name, password }): Json<Login>,
) -> Result<axum::Json<TokenPair>, Problem> {
    let services = state.services();
    let done = services.accounts.login(&name, password, address).await;
    let (event, actor) = match &done {
        Ok(given) => ("login", given.claims.sub.clone()),
        Err(AuthError::Credentials) => {
            services
                .metrics
                .login_failures
                .with_label_values(&["credentials"])
                .inc();
            // What was typed may be a password in the wrong field: its beginning is enough.
            (
                "login_refused",
                cut(&crate::render::safe(&name), 40).into_owned(),
            )
        }
        Err(AuthError::Throttled(_)) => {
            services
                .metrics
                .login_failures
                .with_label_values(&["throttled"])
                .inc();
            return Err(done.err().map_or_else(Problem::internal, Problem::from));
        }
        Err(_) => return Err(done.err().map_or_else(Problem::internal, Problem::from)),
    };
    let entry = AuditEntry {
        actor: Some(actor),
        event: event.to_owned(),
        address: Some(address.to_string()),
        ..AuditEntry::default()
    };
    services.accounts.note(entry).await;
    Ok(axum::Json(pair(done?)))
}

/// Go on with a session
#[utoipa::path(
    post, path = "/api/v1/auth/refresh", tag = "accounts", request_body = Refresh,
    responses((status = 200, body = TokenPair), (status = 401, description = "not valid, or used before")),
)]
pub(super) async fn refresh(
    State(state): State<AppState>,
    Json(Refresh { refresh_token }): Json<Refresh>,
) -> Result<axum::Json<TokenPair>, Problem> {
    let given = state.services().accounts.refresh(&refresh_token).await?;
    Ok(axum::Json(pair(given)))
}

/// End the session
#[utoipa::path(
    post, path = "/api/v1/auth/logout", tag = "accounts",
    responses(
        (status = 204, description = "the session has ended, on every replica within a second"),
        (status = 403, description = "a key has no session: it is revoked"),
    ),
)]
pub(super) async fn logout(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    caller: Caller,
) -> Result<StatusCode, Problem> {
    let Some(session) = caller.session() else {
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "no-session",
            "a key has no session to end; DELETE /api/v1/keys/{id} revokes it",
        ));
    };
    let accounts = &state.services().accounts;
    accounts.logout(session).await?;
    accounts.note(of(&caller, "logout", address)).await;
    Ok(StatusCode::NO_CONTENT)
}

/// What somebody did to their own account.
fn of(caller: &Caller, event: &str, address: IpAddr) -> AuditEntry {
    AuditEntry {
        organisation: Some(caller.organisation.clone()),
        actor: Some(caller.id.clone()),
        event: event.to_owned(),
        address: Some(address.to_string()),
        ..AuditEntry::default()
    }
}

/// Who am I
#[utoipa::path(
    get, path = "/api/v1/auth/me", tag = "accounts",
    responses((status = 200, body = Me)),
)]
pub(super) async fn who(caller: Caller) -> axum::Json<Me> {
    axum::Json(me(&caller))
}

/// Change one's own password
#[utoipa::path(
    post, path = "/api/v1/auth/password", tag = "accounts", request_body = NewPassword,
    responses(
        (status = 204, description = "changed; other sessions have ended"),
        (status = 403, description = "the current password is wrong, or a key has none"),
        (status = 409, description = "somebody else changed it meanwhile"),
        (status = 422, description = "the new one is too weak"),
    ),
)]
pub(super) async fn password(
    State(state): State<AppState>,
    ClientAddress(address): ClientAddress,
    caller: Caller,
    Json(NewPassword { current, new }): Json<NewPassword>,
) -> Result<StatusCode, Problem> {
    let services = state.services();
    let Some(session) = caller.session() else {
        let detail = "a key has no password";
        return Err(Problem::new(StatusCode::FORBIDDEN, "forbidden", detail));
    };
    let user = services.store.user(&caller.id).await?;
    let user = user.ok_or_else(|| Problem::unauthorized("the account is gone"))?;
    if let Err(seconds) = services.accounts.attempt(&user.name, address) {
        return Err(AuthError::Throttled(seconds).into());
    }
    let passwords = services.accounts.passwords();
    let known = Some(user.password_hash.clone());
    let verified = passwords
        .verify(current, known)
        .await
        .map_err(AuthError::from)?;
    if verified.0 {
        services.accounts.was_right(&user.name, address);
    } else {
        let failures = &services.metrics.login_failures;
        failures.with_label_values(&["credentials"]).inc();
        let entry = of(&caller, "password_refused", address);
        services.accounts.note(entry).await;
        let detail = "the current password is wrong";
        return Err(Problem::new(
            StatusCode::FORBIDDEN,
            "wrong-password",
            detail,
        ));
    }
    let hash = new_hash(&state, &user.name, new).await?;
    if services.store.change_password(&user, &hash).await? != Changed::Done {
        let detail = "the password was changed by somebody else meanwhile";
        return Err(Problem::new(StatusCode::CONFLICT, "replaced", detail));
    }
    let why = "the password was changed";
    services
        .accounts
        .logout_everywhere(&user.id, session, why)
        .await?;
    let entry = of(&caller, "password_changed", address);
    services.accounts.note(entry).await;
    Ok(StatusCode::NO_CONTENT)
}

/// The hash of a new password, if it is a good one.
pub(super) async fn new_hash(
    state: &AppState,
    name: &str,
    password: String,
) -> Result<String, Problem> {
    acceptable(&password, name).map_err(|why| {
        Problem::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "weak-password",
            why.to_string(),
        )
    })?;
    let hash = state.services().accounts.passwords().hash(password).await;
    Ok(hash.map_err(AuthError::from)?)
}
