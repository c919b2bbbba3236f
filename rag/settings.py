"""Every setting in one place: arguments first, then WENBAO_* in the environment, then <home>/wenbao.toml."""

from __future__ import annotations

import os
import re
import tomllib
from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, BeforeValidator, Field, ValidationError
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from index.embedders import API_KEY
from index.errors import SettingsError
from rag.llms import API_KEY as LLM_API_KEY
from rag.llms import is_engine

PREFIX = "WENBAO_"
FILE = "wenbao.toml"
# What pydantic says of a value, in the words of the person who typed it.
COMPLAINTS = {
    "literal_error": "只能是 {expected}",
    "int_parsing": "应是整数",
    "int_type": "应是整数",
    "string_type": "应是文字",
    "bool_parsing": "应是 true 或 false",
    "tuple_type": "应是列表，或用逗号分隔的文字",
    "string_pattern_mismatch": "应像 /wenbao，以斜线开头，末尾没有斜线",
    "greater_than_equal": "不能小于 {ge}",
    "less_than_equal": "不能大于 {le}",
}


def _listed(value: object) -> object:
    """A list as it can be written in an environment variable: with commas between."""
    return tuple(filter(None, map(str.strip, value.split(",")))) if isinstance(value, str) else value


def _networks(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        try:
            ip_network(value)
        except ValueError:
            raise PydanticCustomError("network", "{value} 不是 IP 地址或网段", {"value": value}) from None
    return values


def _origins(values: tuple[str, ...]) -> tuple[str, ...]:
    for value in values:
        if not re.fullmatch(r"https?://[\w.-]+(:\d+)?", value):
            raise PydanticCustomError(
                "origin", "{value} 不是网站的来源，应像 https://主机名:端口，后面没有路径", {"value": value}
            )
    return values


def _engine(value: str) -> str:
    if not is_engine(value):
        raise PydanticCustomError(
            "engine", "应是 extractive、local、local:<GGUF文件>、transformers:<文件夹> 或 openai:<地址>#<模型名>"
        )
    return value


Engine = Annotated[str, AfterValidator(_engine)]
Listed = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_listed)]
Networks = Annotated[Listed, AfterValidator(_networks)]
Origins = Annotated[Listed, AfterValidator(_origins)]


class Settings(BaseSettings):
    """What a deployment can choose.  Build it with `Settings.load`, which turns every mistake into a SettingsError."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="forbid", frozen=True)

    home: Path = Field(default=Path("var"), description="索引、模型和设置所在的文件夹")
    engine: Engine = Field(
        default="extractive",
        description="作答方式：extractive 摘取原文；local 或 local:<GGUF文件> 用本机的大模型；"
        "transformers:<文件夹>；openai:<地址>#<模型名>",
    )
    embedder: str = Field(default="default", description="向量模型：default、模型文件夹，或 openai:<地址>#<模型名>")
    host: str = Field(default="127.0.0.1", description="网页监听的地址")
    port: int = Field(default=7860, ge=1, le=65535, description="网页监听的端口")
    question_characters: int = Field(default=500, ge=20, le=20_000, description="一个问题最多的字数")
    auth: bool = Field(default=False, description="要登录才能用；不只对本机开放时必须打开")
    hosts: Listed = Field(default=(), description="只认这些网址里的主机名；空着时，开了登录就不限")
    root_path: str = Field(default="", pattern=r"^(|/[\w./-]*\w)$", description="反向代理下的子路径，如 /wenbao")
    trusted_proxies: Networks = Field(
        default=(), description="只信这些地址的代理所报的来源和用户，如 10.0.0.5、10.1.0.0/16"
    )
    sso_header: str = Field(default="", description="代理放登录用户名的请求头，如 X-Remote-User")
    sso_groups_header: str = Field(default="", description="代理放用户所在组的请求头，逗号分隔")
    embed_origins: Origins = Field(default=(), description="可以嵌入问报的网站，如 https://portal.example.gov.cn")
    session_hours: int = Field(default=12, ge=1, le=720, description="登录一次管几小时")
    asks_per_minute: int = Field(default=60, ge=0, le=100_000, description="每人每分钟最多的问题数；0 不限")
    upload_megabytes: int = Field(default=64, ge=1, le=2048, description="一次上传最多的兆字节数")
    audit_days: int = Field(default=180, ge=1, le=3650, description="提问和改动的记录保留几天")
    log: Literal["text", "json"] = Field(default="text", description="终端日志的样式；文件里的总是 json")

    @property
    def models(self) -> Path:
        """Where unpacked models lie."""
        return self.home / "models"

    @classmethod
    def load(cls, **arguments: Any) -> Self:
        """The settings in force; an argument that is None was not given.

        Raises SettingsError, which names the setting, what is wrong with it and where it stands.
        """
        known = {f"{PREFIX}{name.upper()}" for name in cls.model_fields} | {API_KEY, LLM_API_KEY}
        for variable in sorted(name for name in os.environ if name.upper().startswith(PREFIX)):
            if variable.upper() not in known:
                raise SettingsError(f"环境变量 {variable} 不是设置项。可用的有：{'、'.join(sorted(known))}")
        try:
            return cls(**{name: value for name, value in arguments.items() if value is not None})
        except ValidationError as error:
            raise SettingsError("设置有误。" + "；".join(_complaint(detail) for detail in error.errors())) from error
        except tomllib.TOMLDecodeError as error:
            raise SettingsError(f"{FILE} 不是正确的 TOML：{error}") from error

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        # The file lies in the home, so the home has to be known before the file is read.
        home = init_settings().get("home") or env_settings().get("home") or cls.model_fields["home"].default
        file = TomlConfigSettingsSource(settings_cls, toml_file=Path(home) / FILE)
        if "home" in file.toml_data:
            raise SettingsError(f"{FILE} 里不能写 home，它自己就在那个文件夹里。请用 --home 或环境变量 {PREFIX}HOME")
        return init_settings, env_settings, file


def _complaint(detail: Any) -> str:
    name = ".".join(str(part) for part in detail["loc"])
    if detail["type"] == "extra_forbidden":
        return f"没有 {name} 这一项，可用的有：{'、'.join(sorted(Settings.model_fields))}"
    words = COMPLAINTS.get(detail["type"], detail["msg"]).format(**detail.get("ctx", {}))
    return f"{name}：{words}（现为 {detail['input']!r}；可写在 {FILE} 或环境变量 {PREFIX}{name.upper()}）"
