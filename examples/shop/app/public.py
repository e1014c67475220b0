"""The operations that need no login. Everything else must be guarded, or the application does not start."""

PUBLIC_OPERATIONS = frozenset(
    {
        ("GET", "/health/live"),
        ("GET", "/health/ready"),
        ("GET", "/metrics"),
        ("POST", "/api/v1/auth/password/reset"),
        ("POST", "/api/v1/auth/password/reset-request"),
        ("POST", "/api/v1/auth/refresh"),
        ("POST", "/api/v1/auth/register"),
        ("POST", "/api/v1/auth/token"),
        ("POST", "/api/v1/auth/verify-email"),
        ("POST", "/api/v1/auth/verify-email/resend"),
        ("GET", "/api/v1/categories"),
        ("GET", "/api/v1/categories/{category_id}"),
        ("GET", "/api/v1/posts"),
        ("GET", "/api/v1/posts/{post_id}"),
        ("GET", "/api/v1/products"),
        ("GET", "/api/v1/products/{product_id}"),
        ("GET", "/api/v1/tags"),
        ("GET", "/api/v1/tags/{tag_id}"),
    }
)
