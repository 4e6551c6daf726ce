"""Settings from the environment, all checked at once at start: SANDAN_HOST, SANDAN_PORT, …"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from environs import Env, EnvValidationError, ValidationError, validate

from models.place import CODE_LENGTHS

DATABASE_NAME = r"^[A-Za-z0-9_-]{1,38}\Z"
# Its host goes into a header: nothing but a plain host and port. Leaflet's {s} for one of several hosts is not taken.
TILE_URL = re.compile(r"https?://[A-Za-z0-9.-]+(:[0-9]+)?/[!-~]*")
LOG_LEVELS = ("DEBUG", "INFO", "WARNING", "ERROR")


class SettingsError(Exception):
    """One line for each setting that is wrong, in Chinese."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """`mongodb_uri` None means the embedded server under `data_dir`, `catalogue` None the service items that come with the source.

    `behind_proxy` says that every call comes through a proxy of ours, whose X-Forwarded-Proto and -For are then believed.
    `tile_url` is where map pictures come from; None: a map without them. `tile_attribution` is what their owner wants to be named by.
    `embedded`: `mongodb_uri` is that of the embedded server, which this worker's parent has started.
    `regions`: only their providers are held in memory, everybody's when there are none. `worker`: which of several at one port this is.
    """

    host: str = "127.0.0.1"
    port: int = 8080
    data_dir: Path = Path(".data")
    mongodb_uri: str | None = None
    catalogue: Path | None = None
    database: str = "sandan"
    session_days: int = 14
    body_limit: int = 256 * 1024
    body_seconds: float = 15.0
    login_attempts: int = 10
    webhook_private: bool = False
    timer_seconds: float = 1.0
    log_level: str = "INFO"
    decision_days: int = 400
    behind_proxy: bool = False
    tile_url: str | None = None
    snapshot_minutes: float = 30.0
    regions: tuple[str, ...] = ()
    worker: int | None = None
    tile_attribution: str = ""
    embedded: bool = False

    @property
    def is_embedded(self) -> bool:
        return self.embedded or self.mongodb_uri is None


def read_settings() -> Settings:
    """Raises SettingsError naming every setting that is wrong, not only the first."""
    env = Env(eager=False, prefix="SANDAN_")
    default = Settings()
    settings = Settings(
        host=env.str("HOST", default.host, validate=validate.Length(min=1, error="不能为空")),
        port=env.int("PORT", default.port, validate=_between(0, 65535)),
        data_dir=env.path("DATA_DIR", default.data_dir),
        mongodb_uri=env.str("MONGODB_URI", None, validate=_is_mongodb_uri),
        catalogue=env.path("CATALOGUE", None, validate=_is_there),
        database=env.str(
            "DATABASE", default.database, validate=validate.Regexp(DATABASE_NAME, error="只能由字母、数字、- 和 _ 组成")
        ),
        session_days=env.int("SESSION_DAYS", default.session_days, validate=_between(1, 365)),
        body_limit=env.int("BODY_LIMIT", default.body_limit, validate=_between(1024, 64 * 1024**2)),
        body_seconds=env.float("BODY_SECONDS", default.body_seconds, validate=_between(0.1, 600)),
        login_attempts=env.int("LOGIN_ATTEMPTS", default.login_attempts, validate=_between(1, 10_000)),
        webhook_private=env.bool("WEBHOOK_PRIVATE", default.webhook_private),
        timer_seconds=env.float("TIMER_SECONDS", default.timer_seconds, validate=_between(0.05, 60)),
        log_level=env.str(
            "LOG_LEVEL", default.log_level, validate=validate.OneOf(LOG_LEVELS, error=f"应当是 {'、'.join(LOG_LEVELS)} 之一")
        ),
        decision_days=env.int("DECISION_DAYS", default.decision_days, validate=_between(1, 36_500)),
        behind_proxy=env.bool("BEHIND_PROXY", default.behind_proxy),
        tile_url=env.str("TILE_URL", None, validate=_is_tile_url),
        regions=_listed(env.str("REGIONS", "", validate=_are_regions)),
        worker=env.int("WORKER", None, validate=_between(0, 1000)),
        embedded=env.bool("EMBEDDED", default.embedded),
        snapshot_minutes=env.float("SNAPSHOT_MINUTES", default.snapshot_minutes, validate=_between(0, 10_080)),
        tile_attribution=env.str(
            "TILE_ATTRIBUTION", default.tile_attribution, validate=validate.Length(max=200, error="最多 200 个字")
        ),
    )
    try:
        env.seal()
    except EnvValidationError as error:
        wrong = error.error_messages if isinstance(error.error_messages, Mapping) else {"SANDAN": error.error_messages}
        lines = [f"{name}：{'；'.join(_chinese(message) for message in messages)}" for name, messages in wrong.items()]
        raise SettingsError("设置不正确：\n" + "\n".join(lines)) from error
    return settings


def _between(least: float, most: float) -> validate.Range:
    return validate.Range(least, most, error=f"应当在 {least:g} 到 {most:.0f} 之间")


def _listed(value: str | None) -> tuple[str, ...]:
    """What stands between commas. None: it was wrong, and is told at the end."""
    return tuple(each.strip() for each in (value or "").split(",") if each.strip())


def _are_regions(value: str) -> None:
    if any(not re.fullmatch(r"[0-9]+", code) or len(code) not in CODE_LENGTHS for code in _listed(value)):
        raise ValidationError("应当是用逗号分隔的区划代码（2、4、6、9、12 或 15 位数字）")


def _is_there(value: Path | None) -> None:
    if value is not None and not value.exists():
        raise ValidationError("没有这个文件")


def _is_mongodb_uri(value: str | None) -> None:
    if value is not None and not value.startswith(("mongodb://", "mongodb+srv://")):
        raise ValidationError("应当以 mongodb:// 或 mongodb+srv:// 开头")


def _is_tile_url(value: str | None) -> None:
    if value is not None and not (TILE_URL.fullmatch(value) and all(part in value for part in ("{z}", "{x}", "{y}"))):
        raise ValidationError("应当是含 {z}、{x}、{y} 的 http(s) 地址")


def _chinese(message: str) -> str:
    return {
        "Not a valid integer.": "应当是整数",
        "Not a valid number.": "应当是数字",
        "Not a valid boolean.": "应当是 true 或 false",
    }.get(message, message)
