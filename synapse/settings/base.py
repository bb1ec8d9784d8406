"""Everything that holds in every environment."""

from csp.constants import NONE, SELF
from django.contrib.messages import constants as message_levels

from synapse.common.embedded import BASE_DIR, state_folder
from synapse.settings import env
from synapse.settings.llm import LLM  # noqa: F401  a setting
from synapse.settings.logging import LOGGING  # noqa: F401  a setting
from synapse.settings.queue import JOBS, Q_CLUSTER  # noqa: F401  settings

DEBUG = False
ENVIRONMENT_LABEL = env.text("ENVIRONMENT_LABEL")
ROOT_URLCONF = "synapse.urls"
ASGI_APPLICATION = "synapse.asgi.application"
WSGI_APPLICATION = "synapse.wsgi.application"
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "django.contrib.humanize",
    "rest_framework",
    "drf_spectacular",
    "drf_spectacular_sidecar",
    "django_filters",
    "django_htmx",
    "django_q",
    "jobs",
    "llm",
    "synapse.common",
    "synapse.audit",
    "synapse.accounts",
    "synapse.cycles",
    "synapse.planning",
    "synapse.profiling",
    "synapse.scoping",
    "synapse.sampling",
]

MIDDLEWARE = [
    "synapse.common.middleware.OriginMiddleware",
    "django.middleware.security.SecurityMiddleware",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "synapse.common.middleware.RefusalMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "django_htmx.middleware.HtmxMiddleware",
    "synapse.common.sessions.ExpiredSessionMiddleware",
]

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
                "synapse.cycles.context.todo_count",
                "jobs.mark.job_mark",
            ],
        },
    },
]

AUTH_USER_MODEL = "accounts.User"
LOGIN_URL = "accounts:login"
LOGIN_REDIRECT_URL = "cycles:home"
LOGOUT_REDIRECT_URL = "accounts:login"
PASSWORD_HASHERS = [
    "django.contrib.auth.hashers.Argon2PasswordHasher",
    "django.contrib.auth.hashers.PBKDF2PasswordHasher",
]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.UserAttributeSimilarityValidator"},
    {
        "NAME": "django.contrib.auth.password_validation.MinimumLengthValidator",
        "OPTIONS": {"min_length": 12},
    },
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]
SESSION_COOKIE_HTTPONLY = True
SESSION_COOKIE_AGE = 12 * 3600
CSRF_FAILURE_VIEW = "synapse.common.failures.csrf_failure"
X_FRAME_OPTIONS = "DENY"
SECURE_CONTENT_TYPE_NOSNIFF = True
SECURE_REFERRER_POLICY = "same-origin"

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [SELF],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],
        "connect-src": [SELF],
        "object-src": [NONE],
        "base-uri": [NONE],
        "form-action": [SELF],
        "frame-ancestors": [NONE],
    },
}

LANGUAGE_CODE = "en"
TIME_ZONE = env.text("TIME_ZONE", "UTC")
USE_TZ = True
STATIC_URL = "/static/"
STATIC_ROOT = state_folder() / "static"
MEDIA_ROOT = env.text("MEDIA_ROOT") or state_folder() / "media"
MEDIA_URL = "/media/"
UPLOAD_MAX_MB = env.integer("UPLOAD_MAX_MB", 32)
# Populations come in parts, so they may be larger than one request.
POPULATION_MAX_MB = env.integer("POPULATION_MAX_MB", 10_240)
UPLOADS_KEEP_DAYS = env.days("UPLOADS_KEEP_DAYS", 14)
# Larger form bodies are refused before they are parsed; files stream to disk above 1 MB.
DATA_UPLOAD_MAX_MEMORY_SIZE = 4 * 1024 * 1024
DATA_UPLOAD_MAX_NUMBER_FIELDS = 5000
FILE_UPLOAD_MAX_MEMORY_SIZE = 1024 * 1024
MESSAGE_TAGS = {message_levels.ERROR: "bad", message_levels.SUCCESS: "ok"}

CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}

FILTERS_EMPTY_CHOICE_LABEL = "any"

REST_FRAMEWORK = {
    "EXCEPTION_HANDLER": "synapse.common.api.exception_handler",
    "DEFAULT_AUTHENTICATION_CLASSES": [
        "synapse.accounts.authentication.ApiTokenAuthentication",
        "rest_framework.authentication.SessionAuthentication",
    ],
    "DEFAULT_PAGINATION_CLASS": "synapse.common.pagination.CursorPages",
    "DEFAULT_RENDERER_CLASSES": ["rest_framework.renderers.JSONRenderer"],
    "DEFAULT_PARSER_CLASSES": ["synapse.common.parsing.JSONParser"],
    "DEFAULT_PERMISSION_CLASSES": ["rest_framework.permissions.IsAuthenticated"],
    "DEFAULT_FILTER_BACKENDS": ["synapse.common.queries.StrictFilterBackend"],
    "DEFAULT_SCHEMA_CLASS": "synapse.common.schema.OperationSchema",
    "DEFAULT_VERSIONING_CLASS": None,
}
SPECTACULAR_SETTINGS = {
    "TITLE": "Synapse DTE",
    "DESCRIPTION": "Data testing of regulatory reports.",
    "VERSION": "1",
    "OAS_VERSION": "3.1.0",
    "SERVE_INCLUDE_SCHEMA": False,
    "SCHEMA_PATH_PREFIX": "/api/v1",
    "SWAGGER_UI_DIST": "SIDECAR",
    "SWAGGER_UI_FAVICON_HREF": "SIDECAR",
    "ENUM_NAME_OVERRIDES": {
        "CycleStatusEnum": "synapse.cycles.states.CycleStatus",
        "AssignmentStatusEnum": "synapse.cycles.states.AssignmentStatus",
        "VersionStatusEnum": "synapse.common.versions.VersionStatus",
        "DocumentKindEnum": "synapse.planning.states.DocumentKind",
        "IssueStatusEnum": "synapse.planning.states.IssueStatus",
        "JudgedByEnum": "synapse.scoping.states.JudgedBy",
        "PopulationStateEnum": "synapse.profiling.states.PopulationState",
        "RuleKindEnum": "synapse.profiling.rule_states.RuleKind",
        "SampleDecisionEnum": "synapse.sampling.states.Decision",
    },
    "POSTPROCESSING_HOOKS": [
        "drf_spectacular.hooks.postprocess_schema_enums",
        "synapse.common.schema.add_problems",
    ],
}
