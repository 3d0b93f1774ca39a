//! `customer`: make a customer at the partner's, look at one.
//!
//! Invariant: nothing about customers is kept here.

use engine::Installation;
use gateway::{Gateway as _, NewCustomer};

use super::runtime;
use crate::args::CustomerCommand;
use crate::exit::Exit;
use crate::terminal::Terminal;

/// Runs one of the customer commands.
pub fn run(
    installation: &Installation,
    command: &CustomerCommand,
    terminal: &Terminal,
) -> anyhow::Result<Exit> {
    let gateway = installation.gateway()?;
    match command {
        CustomerCommand::Create { name, external_id } => {
            let customer = NewCustomer {
                full_name: name.clone(),
                external_id: external_id.clone(),
                ..NewCustomer::default()
            };
            let id = runtime()?.block_on(gateway.create_customer(&customer))?;
            terminal.say(&id);
            terminal.emit(&serde_json::json!({"id": id}))?;
        }
        CustomerCommand::Show { id } => {
            let tier = runtime()?.block_on(gateway.customer_tier(id))?;
            terminal.say(format!("KYC {}", tier.kyc_level.as_str()));
            for row in &tier.verifications {
                let score = row.score.map(|score| score.to_string()).unwrap_or_default();
                terminal.say(format!("  {} {} {} {score}", row.id, row.method, row.status.as_str()));
            }
            let rows = tier.verifications.iter().map(|row| {
                serde_json::json!({"id": row.id, "method": row.method, "status": row.status.as_str(),
                    "score": row.score, "createdAt": row.created_at.map(|at| at.to_string())})
            });
            let rows: Vec<serde_json::Value> = rows.collect();
            terminal.emit(&serde_json::json!({"id": id, "kycLevel": tier.kyc_level.as_str(),
                "expiresAt": tier.expires_at.map(|at| at.to_string()), "verifications": rows}))?;
        }
    }
    Ok(Exit::Done)
}
