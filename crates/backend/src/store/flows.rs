//! Flows, customers and whose they are.
//!
//! Invariant: a flow belongs to one kiosk for ever, and is stored, with the first look at it planned, before the
//! platform hears of it.

use uuid::Uuid;

use super::value::values;
use super::{Store, StoreError, Subject};
use crate::flow::FlowKind;

/// A flow run that a kiosk asks for.
#[derive(Clone, Debug)]
pub struct NewFlow {
    /// The correlation id, made by the kiosk.
    pub id: Uuid,
    /// Who asks.
    pub kiosk: Uuid,
    /// Which flow.
    pub kind: FlowKind,
    /// The partner's id of the person.
    pub user_id: String,
    /// What sort of id that is.
    pub user_id_type: String,
}

/// What came of storing it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Begun {
    /// It is new.
    Fresh,
    /// The same kiosk asked for the same before.
    Again,
    /// The id belongs to another flow or kiosk.
    Taken,
}

/// A stored flow.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Flow {
    /// The correlation id.
    pub id: Uuid,
    /// Whose it is.
    pub kiosk: Uuid,
    /// Which flow.
    pub kind: FlowKind,
    /// The partner's id of the person.
    pub user_id: String,
    /// What sort of id that is.
    pub user_id_type: String,
    /// When it began.
    pub begun_ms: i64,
}

const BEGIN: &str = "INSERT INTO flows (id, kiosk_id, kind, user_id, user_id_type, begun_ms)
    VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT (id) DO NOTHING";
const FLOW: &str = "SELECT id, kiosk_id, kind, user_id, user_id_type, begun_ms FROM flows WHERE id = $1";
const LATEST_VALID: &str = "SELECT s.id FROM submissions s JOIN flows f ON f.id = s.flow_id
    WHERE f.user_id = $1 AND f.user_id_type = $2 AND f.kind = $3 AND s.status = 'COMPLETED' AND s.result = 'VALID'
    ORDER BY s.changed_ms DESC LIMIT 1";

impl Store {
    /// Stores a flow and plans the first look at it.
    pub async fn begin_flow(
        &self,
        flow: &NewFlow,
        now_ms: i64,
        first_look_ms: i64,
    ) -> Result<Begun, StoreError> {
        let mut transaction = self.database.begin().await?;
        let row = values![flow.id, flow.kiosk, flow.kind.word(), &flow.user_id, &flow.user_id_type, now_ms];
        if transaction.execute(BEGIN, row).await? == 0 {
            transaction.roll_back().await?;
            let stored = self.flow(flow.id).await?;
            let same = stored.is_some_and(|stored| {
                stored.kiosk == flow.kiosk && stored.kind == flow.kind && stored.user_id == flow.user_id
            });
            return Ok(if same { Begun::Again } else { Begun::Taken });
        }
        let sql = "INSERT INTO work (subject, due_ms) VALUES ($1, $2) ON CONFLICT (subject) DO NOTHING";
        let subject = Subject::Flow(flow.id).to_string();
        transaction.execute(sql, values![&subject, first_look_ms]).await?;
        transaction.commit().await?;
        Ok(Begun::Fresh)
    }

    /// A flow.
    pub async fn flow(&self, id: Uuid) -> Result<Option<Flow>, StoreError> {
        let Some(mut row) = self.database.first(FLOW, values![id]).await? else { return Ok(None) };
        Ok(Some(Flow {
            id: row.id()?,
            kiosk: row.id()?,
            kind: row.word()?,
            user_id: row.text()?,
            user_id_type: row.text()?,
            begun_ms: row.integer()?,
        }))
    }

    /// Submissions of a flow that may still move.
    pub async fn unsettled(&self, flow: Uuid) -> Result<Vec<String>, StoreError> {
        let sql =
            "SELECT id FROM submissions WHERE flow_id = $1 AND status <> 'COMPLETED' AND status <> 'ERROR'";
        self.database.query(sql, values![flow]).await?.into_iter().map(|mut row| row.text()).collect()
    }

    /// The newest submission of a person that passed a flow of this kind.
    pub async fn latest_valid(
        &self,
        user_id: &str,
        user_id_type: &str,
        kind: FlowKind,
    ) -> Result<Option<String>, StoreError> {
        let row = self.database.first(LATEST_VALID, values![user_id, user_id_type, kind.word()]).await?;
        row.map(|mut row| row.text()).transpose()
    }

    /// Notes whose customer this is; the first to say so is believed.
    pub async fn claim_customer(&self, customer: &str, kiosk: Uuid) -> Result<(), StoreError> {
        let sql = "INSERT INTO customers (id, kiosk_id) VALUES ($1, $2) ON CONFLICT (id) DO NOTHING";
        self.database.execute(sql, values![customer, kiosk]).await?;
        Ok(())
    }

    /// The kiosk that made a customer.
    pub async fn customer_owner(&self, customer: &str) -> Result<Option<Uuid>, StoreError> {
        let sql = "SELECT kiosk_id FROM customers WHERE id = $1";
        self.database.first(sql, values![customer]).await?.map(|mut row| row.id()).transpose()
    }
}
