//! IBC 2024 §1014.2.

use plancheck_sdk::prelude::*;

use crate::keys::RailingType;
use crate::params::Params;
use crate::views::Railing;

/// Handrails are at a height that hands find
///
/// 34 to 38 inches above the line of the nosings, or above the surface of a ramp.
///
/// # Example
///
/// A handrail at 32 inches fails.
///
/// # Limits
///
/// Governs railings that the model calls handrails; one of unknown kind is undetermined. Not
/// modelled: handrails for children, alternating tread devices and ship ladders, transitions at the
/// ends, and where a handrail is needed (§1011.11).
#[rule(
    id = "handrail-height",
    cite = "IBC 2024 §1014.2",
    severity = Error,
    category = SafetyInUse
)]
pub fn handrail_height(railing: Railing, p: &Params) -> Result<Verdict, Missing> {
    let kind = railing.kind.facts();
    Ok(match railing.kind.known()? {
        RailingType::Guard => Verdict::not_applicable(),
        RailingType::Handrail => railing.height.between(p.handrail_min, p.handrail_max),
    }
    .resting_on(kind))
}
