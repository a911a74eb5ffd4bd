//! Who hands a site out.

use crate::list::named;

named! {
    "host";
    /// A web server or a hosting service whose settings can be written.
    pub enum Host {
        /// nginx.
        Nginx = "nginx",
        /// Apache HTTP Server 2.4.
        Apache = "apache",
        /// Caddy 2.
        Caddy = "caddy",
        /// Netlify.
        Netlify = "netlify",
        /// Cloudflare Pages.
        CloudflarePages = "cloudflare-pages",
        /// Azure Static Web Apps.
        AzureStaticWebApps = "azure-static-web-apps",
        /// A bucket of S3 or of what speaks its protocol.
        S3 = "s3",
        /// GitHub Pages.
        GithubPages = "github-pages",
        /// GitLab Pages.
        GitlabPages = "gitlab-pages",
    }
}
