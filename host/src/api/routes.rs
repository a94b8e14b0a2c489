//! Every route with who may use it: one table. The OpenAPI document is made from it, so that the two
//! cannot differ.

use axum::Router;
use axum::middleware::from_fn_with_state;
use utoipa::OpenApi as _;
use utoipa::openapi::extensions::Extensions;
use utoipa::openapi::path::{Operation, Paths};
use utoipa::openapi::response::{Response, ResponseBuilder};
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{Components, Content, OpenApi, Ref, RefOr};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use super::access::{Access, guard, roles_of};
use super::state::AppState;
use super::{
    auth, buildings, codes, facts, health, history, live, modules, operations, problem, users,
    validate,
};
use crate::auth::Permission as P;

/// The document's head.
#[derive(utoipa::OpenApi)]
#[openapi(
    info(
        title = "Plancheck",
        description = "Checks buildings against building codes. Errors are application/problem+json (RFC 9457).",
        license(name = "Apache-2.0", identifier = "Apache-2.0"),
    ),
    tags(
        (name = "checks", description = "Models in, reports out"),
        (name = "buildings", description = "Models by the name of their building"),
        (name = "live", description = "Live sync of a building"),
        (name = "codes", description = "Modules, rules, facts, places"),
        (name = "accounts", description = "People, machines, and what they may do"),
        (name = "operations", description = "For those who run the host"),
    ),
    components(schemas(problem::Document)),
)]
struct Head;

/// The name under which the document knows access tokens and keys.
const BEARER: &str = "bearer";
/// The type of errors.
const PROBLEM: &str = "application/problem+json";

/// Every route. `Open` is for everybody where the host is open to nobody in particular.
fn table() -> Vec<(Access, UtoipaMethodRouter<AppState>)> {
    use Access::{Needs, Open, Probe, Public, Signed};
    vec![
        (Probe, routes!(health::live)),
        (Probe, routes!(health::ready)),
        (Probe, routes!(health::health)),
        (Probe, routes!(operations::version)),
        (Probe, routes!(operations::metrics)),
        (Open(P::ValidationWrite), routes!(validate::validate)),
        (Needs(P::ValidationRead), routes!(history::report)),
        (Needs(P::ValidationRead), routes!(history::history)),
        (Needs(P::BuildingsRead), routes!(buildings::list)),
        (Needs(P::BuildingsWrite), routes!(buildings::create)),
        (Needs(P::BuildingsRead), routes!(buildings::read)),
        (Needs(P::BuildingsRead), routes!(buildings::model)),
        (Needs(P::ValidationRead), routes!(buildings::edits)),
        (Needs(P::BuildingsWrite), routes!(buildings::replace)),
        (Needs(P::BuildingsWrite), routes!(buildings::remove)),
        (Open(P::ModulesRead), routes!(modules::list)),
        (Open(P::ModulesRead), routes!(modules::file)),
        (Open(P::ModulesRead), routes!(facts::list)),
        (Open(P::ModulesRead), routes!(codes::rules)),
        (Open(P::ModulesRead), routes!(codes::jurisdictions)),
        (Open(P::ModulesRead), routes!(codes::resolve)),
        (Public, routes!(auth::login)),
        (Public, routes!(auth::refresh)),
        (Signed, routes!(auth::logout)),
        (Signed, routes!(auth::who)),
        (Signed, routes!(auth::password)),
        (Needs(P::UsersManage), routes!(users::list)),
        (Needs(P::UsersManage), routes!(users::create)),
        (Needs(P::UsersManage), routes!(users::read)),
        (Needs(P::UsersManage), routes!(users::change)),
        (Needs(P::UsersManage), routes!(users::remove)),
        (Needs(P::UsersManage), routes!(users::list_keys)),
        (Needs(P::UsersManage), routes!(users::create_key)),
        (Needs(P::UsersManage), routes!(users::revoke_key)),
        // Who connects says in the first message who it is.
        (Public, routes!(live::connect)),
        (Needs(P::SystemAdmin), routes!(live::stats)),
        (Needs(P::SystemAdmin), routes!(operations::cache_stats)),
        (Needs(P::SystemAdmin), routes!(operations::forget)),
        (Needs(P::SystemAdmin), routes!(operations::metrics_json)),
        (Needs(P::SystemAdmin), routes!(operations::redis)),
        (Needs(P::SystemAdmin), routes!(operations::audit)),
    ]
}

/// All routes, each behind its guard.
pub(super) fn guarded(state: &AppState) -> Router<AppState> {
    let mut router = OpenApiRouter::new();
    for (access, (schemas, paths, methods)) in table() {
        let layer = from_fn_with_state((state.clone(), access), guard);
        router = router.routes((schemas, paths, methods.layer(layer)));
    }
    router.into()
}

/// The document: what there is, and who may use it.
#[must_use]
pub fn document() -> OpenApi {
    let mut document = Head::openapi();
    document.info.version = env!("CARGO_PKG_VERSION").to_owned();
    let mut router: OpenApiRouter<AppState> = OpenApiRouter::with_openapi(document);
    for (access, (schemas, mut paths, methods)) in table() {
        for operation in operations_of(&mut paths) {
            describe(access, operation);
        }
        router = router.routes((schemas, paths, methods));
    }
    let mut document = router.into_openapi();
    let components = document.components.get_or_insert_with(Components::new);
    let bearer = HttpBuilder::new()
        .scheme(HttpAuthScheme::Bearer)
        .description(Some("an access token, or a key of a machine"))
        .build();
    components.add_security_scheme(BEARER, SecurityScheme::Http(bearer));
    document
}

fn operations_of(paths: &mut Paths) -> impl Iterator<Item = &mut Operation> {
    paths.paths.values_mut().flat_map(|item| {
        [
            &mut item.get,
            &mut item.put,
            &mut item.post,
            &mut item.delete,
            &mut item.patch,
        ]
        .into_iter()
        .filter_map(Option::as_mut)
    })
}

/// What all operations of one kind answer alike.
fn describe(access: Access, operation: &mut Operation) {
    let mut answer = |status: &str, why: &str| {
        let responses = &mut operation.responses.responses;
        responses
            .entry(status.to_owned())
            .or_insert_with(|| RefOr::T(problem_response(why)));
    };
    answer("500", "a fault of the server");
    answer(
        "503",
        "no room, no modules or no database now; Retry-After says when to come back",
    );
    if !matches!(access, Access::Probe | Access::Public) {
        answer("401", "no valid access token or key");
    }
    if access != Access::Probe {
        answer(
            "429",
            "too many requests; Retry-After says when to come back",
        );
    }
    if access.permission().is_some() {
        answer("403", "the role does not have the permission");
    }
    if operation.request_body.is_some() {
        answer("400", "a body that cannot be read");
        answer("408", "the body did not arrive");
        answer("413", "a body that is too large");
        answer("415", "a body of another type");
        answer("422", "a body that does not say what is needed");
    }
    if operation.parameters.is_some() {
        answer("400", "a query that cannot be read");
    }
    // The handler's own errors are problem documents too.
    for (status, response) in &mut operation.responses.responses {
        if let RefOr::T(response) = response
            && response.content.is_empty()
            && status.starts_with(['4', '5'])
        {
            response
                .content
                .insert(PROBLEM.to_owned(), RefOr::T(problem_content()));
        }
    }
    let needed = Vec::<String>::new();
    let bearer = SecurityRequirement::new(BEARER, needed);
    operation.security = match access {
        Access::Probe | Access::Public => None,
        Access::Open(_) => Some(vec![SecurityRequirement::default(), bearer]),
        Access::Signed | Access::Needs(_) => Some(vec![bearer]),
    };
    let roles: Vec<&str> = roles_of(access).iter().map(|role| role.name()).collect();
    let who = match access {
        Access::Probe | Access::Public => serde_json::json!({ "access": "public" }),
        Access::Open(what) => serde_json::json!({
            "access": "open", "permission": what.name(), "roles": roles,
        }),
        Access::Signed => serde_json::json!({ "access": "signed-in", "roles": roles }),
        Access::Needs(what) => serde_json::json!({
            "access": "permission", "permission": what.name(), "roles": roles,
        }),
    };
    let extensions = Extensions::builder().add("x-plancheck-access", who).build();
    operation
        .extensions
        .get_or_insert_default()
        .merge(extensions);
}

fn problem_content() -> Content {
    Content::new(Some(Ref::from_schema_name("Problem")))
}

fn problem_response(why: &str) -> Response {
    ResponseBuilder::new()
        .description(why)
        .content(PROBLEM, problem_content())
        .build()
}
