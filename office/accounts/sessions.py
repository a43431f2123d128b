"""Sessions that know their user, where they came from and when they were last used."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from office.models import Session

BEGAN, SEEN, ADDRESS, DEVICE = "began", "seen", "address", "device"


class SessionStore(DatabaseStore):
    """The database store with a few facts in columns of their own."""

    @classmethod
    def get_model_class(cls) -> type[Session]:
        """Return the model behind this store."""
        return Session

    def create_model_instance(self, data: dict[str, Any]) -> Session:
        """Copy what the lists of sessions show."""
        session: Any = super().create_model_instance(data)
        session.user_id = data.get(SESSION_KEY)
        session.began_at = moment(data.get(BEGAN))
        session.seen_at = moment(data.get(SEEN))
        session.address = data.get(ADDRESS)
        session.device = data.get(DEVICE, "")
        return session


def moment(seconds: float | None) -> datetime | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC)


def device_words(user_agent: str) -> str:
    """Say which browser on which system, in words a person recognizes; unknown ones stay general."""
    systems = {
        "Windows": "Windows 电脑",
        "HarmonyOS": "鸿蒙设备",
        "Android": "安卓手机",
        "iPhone": "苹果手机",
        "iPad": "苹果平板",
        "Mac OS": "苹果电脑",
        "Linux": "Linux 电脑",
    }
    browsers = {
        "MicroMessenger": "微信",
        "Edg/": "Edge 浏览器",
        "QIHU": "360 浏览器",
        "360SE": "360 浏览器",
        "QQBrowser": "QQ 浏览器",
        "Firefox": "火狐浏览器",
        "Chrome": "谷歌内核浏览器",
        "Safari": "Safari 浏览器",
    }
    system = next((words for mark, words in systems.items() if mark in user_agent), "其他设备")
    browser = next((words for mark, words in browsers.items() if mark in user_agent), "其他浏览器")
    return f"{system}，{browser}"
