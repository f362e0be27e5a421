"""Comments on figures: which figure a topic names, its thread, and all that waits in a year."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from django import forms
from django.http import Http404
from django.urls import reverse
from django.utils.text import slugify

from bocage.referentials.vsme import datapoints
from bocage.wording import has_words, sentence
from cabinet.accounts.actors import Actor
from cabinet.clients.models import FiscalYear
from cabinet.dossiers.comments import MOST_CHARACTERS, can_delete, comments_of, thread_of
from cabinet.dossiers.models import Comment
from cabinet.web.dossier.figures import words_of
from cabinet.web.dossier.frame import Head

CARBON_TOTAL = "carbon:total"


class CommentForm(forms.Form):
    """What somebody says of a figure."""

    text = forms.CharField(
        label="Commentaire",
        max_length=MOST_CHARACTERS,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="Vos collègues du cabinet le voient. Il ne paraît dans aucun document remis au client.",
    )


@dataclass(frozen=True, slots=True)
class Topic:
    """A figure that may be commented on: its name, and the page that shows it."""

    code: str
    label: str
    url: str


def topic_of(head: Head, code: str) -> Topic:
    """The figure that a topic names. Raises Http404 for none."""
    kind, _, name = code.partition(":")
    label = {"figure": _figure, "vsme": _point, "carbon": _post}.get(kind, _nothing)(name)
    if not label:
        raise Http404
    routes = {"figure": "dossier_figure", "vsme": "vsme_point"}
    if kind in routes:
        return Topic(code, label, reverse(routes[kind], args=[head.client.id, name]) + head.query)
    if code == CARBON_TOTAL:
        return Topic(code, label, reverse("carbon", args=[head.client.id]) + head.query)
    link = "&" if head.query else "?"
    return Topic(code, label, f"{reverse('carbon_detail', args=[head.client.id])}{head.query}{link}poste={name}")


def _nothing(_name: str) -> str:
    return ""


def _figure(code: str) -> str:
    for family in ("economic", "workforce"):
        if has_words(family, f"{code}/name" if family == "workforce" else code):
            return words_of(family, code)[0]
    return ""


def _point(concept: str) -> str:
    return next((f"VSME {one.disclosure}, {one.label_fr}" for one in datapoints() if one.concept == concept), "")


def _post(code: str) -> str:
    if code == "total":
        return sentence("carbon", "carbon_total").message
    found = has_words("carbon_frames", f"ghgp/{code}")
    return f"{code} {sentence('carbon_frames', f'ghgp/{code}').message}" if found else ""


@dataclass(frozen=True, slots=True)
class Said:
    """A comment of a thread, and whether its reader may take it back."""

    comment: Comment
    can_delete: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """What was said of a figure."""

    topic: Topic
    said: Sequence[Said]
    waiting: int
    form: CommentForm | None
    """None for who may not write."""

    @property
    def resolve_id(self) -> str:
        """The id of the form that resolves it."""
        return f"resoudre-{slugify(self.topic.code.replace(':', '-').replace('.', '-'))}"

    @property
    def can_write(self) -> bool:
        """Whether the reader may answer and resolve."""
        return self.form is not None


def thread_shown(actor: Actor, head: Head, year: FiscalYear, code: str, form: CommentForm | None = None) -> Thread:
    """The thread of a figure, with the form that adds to it. Raises Http404 for a topic that names none."""
    topic = topic_of(head, code)
    return _thread(actor, head, topic, list(thread_of(year, code)), form)


def _thread(actor: Actor, head: Head, topic: Topic, comments: list[Comment], form: CommentForm | None) -> Thread:
    write = head.rights.figures
    return Thread(
        topic=topic,
        said=[Said(one, write and can_delete(actor, one, comments)) for one in comments],
        waiting=sum(one.resolved_at is None for one in comments),
        form=(form or CommentForm(auto_id=f"c-{topic.code.replace(':', '-')}-%s")) if write else None,
    )


def threads_shown(actor: Actor, head: Head, year: FiscalYear) -> list[Thread]:
    """Every thread of a year: those that wait first, the last said first among them."""
    by_topic = groupby(
        sorted(comments_of(year), key=lambda one: (one.topic, one.written_at)), key=lambda one: one.topic
    )
    threads = [(list(some), code) for code, some in by_topic]
    shown = [_thread(actor, head, topic_of(head, code), some, None) for some, code in threads]
    shown.sort(key=lambda one: one.said[-1].comment.written_at, reverse=True)
    return sorted(shown, key=lambda one: not one.waiting)
