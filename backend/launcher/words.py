"""What the launcher says to the person at the terminal, in Chinese and English."""

from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.table import Table

from backend.problems import Problem

SENTENCES = {
    "services": ("正在启动数据库和队列……", "Starting the database and the queue …"),
    "migrating": ("正在更新数据库结构……", "Bringing the database up to date …"),
    "sampling": (
        "数据库是空的，正在生成虚构的示例数据……",
        "The database is empty: making the invented sample …",
    ),
    "redoing": (
        "上次生成示例数据时被中断，重新开始。",
        "Making the sample was cut short last time; beginning anew.",
    ),
    "faces": ("正在启动网站与后台任务……", "Starting the faces, the worker and the relay …"),
    "ended_stale": (
        "已结束上次运行遗留的 {count} 个进程。",
        "Ended {count} processes left over from the last run.",
    ),
    "died": (
        "{name} 意外退出（{code}），{pause:.1f} 秒后重新启动。日志：{log}",
        "{name} ended unexpectedly ({code}) and is started again in {pause:.1f} s. Log: {log}",
    ),
    "service_died": (
        "数据库或队列意外停止，正在恢复……",
        "The database or the queue ended unexpectedly; bringing it back …",
    ),
    "service_back": ("数据库和队列已恢复。", "The database and the queue are back."),
    "stopping": ("正在停止……", "Stopping …"),
    "stopped": ("已停止。", "Stopped."),
}


def say(sentence: str, **facts: Any) -> None:
    """Print one sentence in both languages."""
    zh, en = SENTENCES[sentence]
    click.echo(f"{zh.format(**facts)}  {en.format(**facts)}")


def explain(problem: Problem) -> None:
    """Print a problem in both languages on standard error."""
    for told in (problem.told("zh"), problem.told("en")):
        click.echo(f"Fieldlot: {told['title']}: {told['detail']}", err=True)
    if tail := problem.facts.get("tail"):
        click.echo(f"\n{tail}", err=True)


def show_addresses(url: str, logs: Path, accounts: list[Any]) -> None:
    """Print where the faces are, and who can sign in to the sample."""
    faces = Table.grid(padding=(0, 2))
    for zh, en, path in (
        ("公开网站", "Public site", "/"),
        ("监管后台", "Console", "/console/"),
        ("手机端", "Phone app", "/field/"),
    ):
        faces.add_row(zh, en, url + path)
    faces.add_row("日志", "Logs", str(logs))
    console = Console(soft_wrap=True, highlight=False)
    console.print("\nFieldlot 已就绪 · Fieldlot is ready\n")
    console.print(faces)
    if accounts:
        _show_accounts(console, accounts)
    console.print("\n按 Ctrl-C 停止 · Ctrl-C stops it\n")


def _show_accounts(console: Console, accounts: list[Any]) -> None:
    console.print("\n示例账号（虚构） · Sample accounts (invented)")
    people = Table("用户 user", "密码 password", "角色 role", "单位 unit", box=None, pad_edge=False)
    for one in accounts:
        people.add_row(one.username, one.password, str(one.role), one.unit)
    console.print(people)
