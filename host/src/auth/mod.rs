//! Who may do what.
//!
//! [`role`] is the one table of roles and permissions. [`password`], [`token`] and [`secret`] are what
//! somebody proves to be somebody with, [`throttle`] what slows those down who guess. [`Accounts`]
//! puts them together: login, refresh, and [`Accounts::caller`] for each request.

mod accounts;
mod caller;
mod crypto;
mod password;
mod role;
mod secret;
mod throttle;
mod token;

pub use accounts::{Accounts, AccountsConfig, AuthError, LoggedIn};
pub use caller::{Caller, Proof};
pub use password::{PasswordError, Passwords, WeakPassword, acceptable};
pub use role::{Permission, Role};
pub use secret::{API_KEY, REFRESH, Secret};
pub use throttle::{Throttle, network};
pub use token::{Claims, KeysError, TokenError, Tokens};
