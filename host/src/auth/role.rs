//! Roles and what each may do: one table.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

/// What somebody is in this host.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum Role {
    /// Runs the host.
    Admin,
    /// Checks and edits models, and looks after the codes.
    Engineer,
    /// Checks and edits models.
    Architect,
    /// Checks models of others.
    Inspector,
    /// Reads.
    Viewer,
    /// A machine with a key.
    ApiUser,
}

/// One thing that may be allowed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, ToSchema)]
pub enum Permission {
    /// See what checks found.
    #[serde(rename = "validation:read")]
    ValidationRead,
    /// Check models, and edit them live.
    #[serde(rename = "validation:write")]
    ValidationWrite,
    /// See buildings.
    #[serde(rename = "buildings:read")]
    BuildingsRead,
    /// Upload and remove buildings.
    #[serde(rename = "buildings:write")]
    BuildingsWrite,
    /// See modules, their rules and files.
    #[serde(rename = "modules:read")]
    ModulesRead,
    /// Load and unload modules.
    #[serde(rename = "modules:write")]
    ModulesWrite,
    /// Read and export reports.
    #[serde(rename = "reports:read")]
    ReportsRead,
    /// Make reports that are kept.
    #[serde(rename = "reports:write")]
    ReportsWrite,
    /// Make, change and remove accounts and keys.
    #[serde(rename = "users:manage")]
    UsersManage,
    /// Say which codes are in force.
    #[serde(rename = "codes:manage")]
    CodesManage,
    /// Say which codes apply where.
    #[serde(rename = "jurisdictions:manage")]
    JurisdictionsManage,
    /// See how the host works, and empty its caches.
    #[serde(rename = "system:admin")]
    SystemAdmin,
}

use Permission as P;

impl Role {
    /// All roles.
    pub const ALL: [Role; 6] = [
        Role::Admin,
        Role::Engineer,
        Role::Architect,
        Role::Inspector,
        Role::Viewer,
        Role::ApiUser,
    ];

    /// What this role may do: the table.
    #[must_use]
    pub fn permissions(self) -> &'static [Permission] {
        match self {
            Role::Admin => &Permission::ALL,
            Role::Engineer => &[
                P::ValidationRead,
                P::ValidationWrite,
                P::BuildingsRead,
                P::BuildingsWrite,
                P::ModulesRead,
                P::ModulesWrite,
                P::ReportsRead,
                P::ReportsWrite,
                P::CodesManage,
                P::JurisdictionsManage,
            ],
            Role::Architect => &[
                P::ValidationRead,
                P::ValidationWrite,
                P::BuildingsRead,
                P::BuildingsWrite,
                P::ModulesRead,
                P::ReportsRead,
                P::ReportsWrite,
            ],
            Role::Inspector => &[
                P::ValidationRead,
                P::ValidationWrite,
                P::BuildingsRead,
                P::ModulesRead,
                P::ReportsRead,
                P::ReportsWrite,
            ],
            Role::Viewer => &[
                P::ValidationRead,
                P::BuildingsRead,
                P::ModulesRead,
                P::ReportsRead,
            ],
            Role::ApiUser => &[
                P::ValidationRead,
                P::ValidationWrite,
                P::BuildingsRead,
                P::BuildingsWrite,
                P::ModulesRead,
                P::ReportsRead,
                P::ReportsWrite,
            ],
        }
    }

    /// Whether this role may do something.
    #[must_use]
    pub fn may(self, what: Permission) -> bool {
        self.permissions().contains(&what)
    }

    /// As it is written in requests, tokens and the store.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            Role::Admin => "admin",
            Role::Engineer => "engineer",
            Role::Architect => "architect",
            Role::Inspector => "inspector",
            Role::Viewer => "viewer",
            Role::ApiUser => "api_user",
        }
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl FromStr for Role {
    type Err = String;

    fn from_str(text: &str) -> Result<Role, String> {
        let found = Role::ALL.into_iter().find(|role| role.name() == text);
        found.ok_or_else(|| {
            let known: Vec<&str> = Role::ALL.iter().map(|role| role.name()).collect();
            format!("no such role; there are {}", known.join(", "))
        })
    }
}

impl Permission {
    /// All permissions.
    pub const ALL: [Permission; 12] = [
        P::ValidationRead,
        P::ValidationWrite,
        P::BuildingsRead,
        P::BuildingsWrite,
        P::ModulesRead,
        P::ModulesWrite,
        P::ReportsRead,
        P::ReportsWrite,
        P::UsersManage,
        P::CodesManage,
        P::JurisdictionsManage,
        P::SystemAdmin,
    ];

    /// As it is written in answers and documents.
    #[must_use]
    pub fn name(self) -> &'static str {
        match self {
            P::ValidationRead => "validation:read",
            P::ValidationWrite => "validation:write",
            P::BuildingsRead => "buildings:read",
            P::BuildingsWrite => "buildings:write",
            P::ModulesRead => "modules:read",
            P::ModulesWrite => "modules:write",
            P::ReportsRead => "reports:read",
            P::ReportsWrite => "reports:write",
            P::UsersManage => "users:manage",
            P::CodesManage => "codes:manage",
            P::JurisdictionsManage => "jurisdictions:manage",
            P::SystemAdmin => "system:admin",
        }
    }
}

impl fmt::Display for Permission {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_reads_and_only_administrators_administer() {
        for role in Role::ALL {
            assert!(role.may(P::ValidationRead), "{role}");
            assert_eq!(role.may(P::SystemAdmin), role == Role::Admin, "{role}");
            assert_eq!(role.may(P::UsersManage), role == Role::Admin, "{role}");
            assert_eq!(role.name().parse(), Ok(role));
        }
        assert!(!Role::Viewer.may(P::ValidationWrite));
        assert!(!Role::Inspector.may(P::BuildingsWrite));
        assert!("root".parse::<Role>().is_err());
    }
}
