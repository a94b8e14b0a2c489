//! IBC 2024 §1015.3.

use plancheck_sdk::prelude::*;

use crate::keys::RailingType;
use crate::params::Params;
use crate::views::Railing;

/// Guards are high enough
///
/// Where people could fall more than 30 inches, a guard 42 inches high keeps them back.
///
/// # Example
///
/// A guardrail of 36 inches along a gallery fails.
///
/// # Limits
///
/// Governs railings that the model calls guardrails or balustrades. One of unknown kind passes
/// when it is high enough and is undetermined otherwise. Whether a guard is needed (§1015.2) and how
/// open it may be (§1015.4) is not checked. Not modelled: the 36 inches of some dwellings, guards
/// on stairs that serve as handrails, and assembly seating.
#[rule(
    id = "guard-height",
    cite = "IBC 2024 §1015.3",
    severity = Error,
    category = SafetyInUse,
    messages(KIND = "High enough only if it is not a guard.")
)]
pub fn guard_height(railing: Railing, p: &Params) -> Verdict {
    let kind = railing.kind.facts();
    let verdict = railing.height.at_least(p.guard_height);
    match railing.kind.key() {
        Some(RailingType::Guard) => verdict.resting_on(kind),
        Some(RailingType::Handrail) => Verdict::not_applicable().resting_on(kind),
        None if verdict.is_fail() => verdict.unless_known(kind).because(KIND, []),
        None => verdict,
    }
}
