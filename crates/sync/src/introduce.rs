//! Making a capture's customer at the partner, where nobody could name one when the card was taken.
//!
//! Invariant: nothing is sent under a local id. The partner's id is on disk before the capture leaves; an answer that was
//! lost leaves at worst a customer without captures at the partner, because each try has an external id of its own.

use gateway::{NewCustomer, Rejection, Submission, is_local_customer};
use ktp::Field;
use outbox::Item;

use crate::runner::{Call, Listener, Runner, SyncError};

/// The name of a customer whose card did not tell one.
const UNREAD_NAME: &str = "Nasabah baru";

impl Runner {
    /// Sees to it that item and submission carry an id that the partner knows.
    pub(crate) async fn introduce(
        &self,
        item: &mut Item,
        submission: &mut Submission,
        listener: Listener<'_>,
    ) -> Result<Result<(), Rejection>, SyncError> {
        if is_local_customer(&item.customer_id) {
            let new = self.new_customer(submission);
            let made = self.gateway.create_customer(&new).await;
            self.learn(Call::Question, &made, listener);
            let customer_id = match made {
                Ok(customer_id) => customer_id,
                Err(rejection) => return Ok(Err(rejection)),
            };
            let (id, now) = (item.id, self.now());
            item.customer_id.clone_from(&customer_id);
            self.with_outbox(move |outbox| outbox.name_customer(id, &customer_id, now)).await?;
        }
        // What is sealed in the capture is the id it was accepted under.
        submission.customer_id.clone_from(&item.customer_id);
        Ok(Ok(()))
    }

    fn new_customer(&self, submission: &Submission) -> NewCustomer {
        let card = submission.bundle.as_ref().map(|bundle| bundle.document());
        let read = card.and_then(|card| card.ocr_fields.get(Field::FullName.key()).cloned());
        NewCustomer {
            full_name: read.unwrap_or_else(|| UNREAD_NAME.to_owned()),
            external_id: Some(format!("{}-{}", submission.id, self.now().as_millisecond())),
            ..NewCustomer::default()
        }
    }
}
