//! From settings and secrets to the partners that captures go to.
//!
//! Invariant: OneKYC's credentials are used only where everything is this machine and no backend is set; a real counter
//! has none and gets its tokens from the partner's backend.

use std::sync::Arc;

use gateway::Endpoint;
use gateway::onekyc::{Direct, DirectConfig, NoTokens, OneKyc, OneKycConfig, OneKycQueue, TokenSource};
use kiosk::{BackendTokens, Locale};
use sync::Route;

use crate::app_config::AppLanguage;
use crate::compose;
use crate::installation::{ConnectError, Installation};
use crate::onekyc_config::Provider;
use crate::secrets::SecretName;

impl Installation {
    /// Where captures go; connects to nothing yet.
    pub fn route(&self) -> Result<Route, ConnectError> {
        Ok(match self.config.gateway.provider {
            Provider::IdentityPlatform => Route::Whole(self.gateway()?),
            Provider::Onekyc => Route::Staged(self.onekyc()?),
            Provider::Both => Route::Both(self.onekyc()?, self.gateway()?),
        })
    }

    fn onekyc(&self) -> Result<Arc<OneKycQueue>, ConnectError> {
        let settings = &self.config.onekyc;
        let unset = || ConnectError::NoOneKyc(self.dir.config_file());
        let base = Endpoint::parse(settings.base_url.as_deref().ok_or_else(unset)?)?;
        let tokens = self.tokens(&base)?;
        let mut config = OneKycConfig::new(base);
        config.user_id_type.clone_from(&settings.user_id_type);
        config.storage_hosts.clone_from(&settings.storage_hosts);
        let jitter = Arc::new(compose::random);
        let client = OneKyc::new(config, tokens, Arc::new(compose::now), jitter)?;
        Ok(Arc::new(OneKycQueue::new(client, Arc::new(compose::random_id))))
    }

    /// A deployment's tokens come from its backend; only a stand-in on this machine gives them to us directly. Where nobody
    /// can be asked, flows are those that bring their own.
    fn tokens(&self, base: &Endpoint) -> Result<Arc<dyn TokenSource>, ConnectError> {
        if self.config.backend.url.is_none() {
            return Ok(match self.config.onekyc.token_url {
                Some(_) => Arc::new(self.direct(base.clone())?),
                None => Arc::new(NoTokens),
            });
        }
        let locale = match self.config.app.language {
            AppLanguage::Id => Locale::Indonesian,
            AppLanguage::En => Locale::English,
        };
        Ok(Arc::new(BackendTokens::new(self.kiosk()?, base.clone(), Some(locale))))
    }

    fn direct(&self, base: Endpoint) -> Result<Direct, ConnectError> {
        let settings = &self.config.onekyc;
        let unset = || ConnectError::NoOneKyc(self.dir.config_file());
        let token_host = Endpoint::parse(settings.token_url.as_deref().ok_or_else(unset)?)?;
        let (client_id, _) = self.secrets().find(SecretName::OneKycClientId)?;
        let (pass_key, _) = self.secrets().find(SecretName::OneKycPassKey)?;
        let mut config = DirectConfig::new(token_host, base, client_id, pass_key);
        config.onboarding_partner.clone_from(&settings.onboarding_partner);
        config.user_id_type.clone_from(&settings.user_id_type);
        Ok(Direct::local_only(config, Arc::new(compose::now), Arc::new(compose::random))?)
    }
}
