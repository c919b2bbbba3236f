"""问报 inside other people's LangChain programs: a retriever, and a runnable that answers.

assistant = build_assistant(Settings.load())
retriever = WenbaoRetriever(assistant=assistant, k=8)
answer = answering(assistant).invoke("鲤城区2022年新开工多少套保障性租赁住房")
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from langchain_core.callbacks import CallbackManagerForRetrieverRun
from langchain_core.documents import Document
from langchain_core.messages import AIMessage, AIMessageChunk, BaseMessage, HumanMessage
from langchain_core.retrievers import BaseRetriever
from langchain_core.runnables import Runnable, RunnableGenerator
from pydantic import ConfigDict

from index.types import Scope
from rag.assistant import Assistant
from rag.types import Answer, Turn

__all__ = ["WenbaoRetriever", "answering"]


class WenbaoRetriever(BaseRetriever):
    """The passages that best fit a question, within the places and years that it names and within `scope`.

    A document's metadata is its address: report, title, region, year, paragraph, start, end, and its rank.
    """

    model_config = ConfigDict(arbitrary_types_allowed=True)

    assistant: Assistant
    k: int = 10
    scope: Scope = Scope()

    def _get_relevant_documents(self, query: str, *, run_manager: CallbackManagerForRetrieverRun) -> list[Document]:
        cards = {card.id: card for card in self.assistant.cards}
        return [
            Document(
                page_content=hit.chunk.text,
                metadata={
                    "report": hit.chunk.report,
                    "title": cards[hit.chunk.report].title,
                    "region": cards[hit.chunk.report].region,
                    "year": cards[hit.chunk.report].year,
                    "paragraph": hit.chunk.paragraph,
                    "start": hit.chunk.start,
                    "end": hit.chunk.end,
                    "rank": hit.rank,
                },
            )
            for hit in self.assistant.search(query, self.k, scope=self.scope)
        ]


def answering(assistant: Assistant, *, scope: Scope = Scope()) -> Runnable[str | list[BaseMessage], AIMessageChunk]:
    """A runnable from a question, or the messages of a conversation, to a message with the verified answer.

    `stream` gives each claim as it stands.  The last piece carries the whole answer in the wire format as
    `response_metadata["wenbao"]`.  Raises ValueError unless the last message is a person's.
    """

    def answer(inputs: Iterator[str | list[BaseMessage]]) -> Iterator[AIMessageChunk]:
        (asked,) = inputs
        question, history = _conversation([HumanMessage(content=asked)] if isinstance(asked, str) else asked)
        said: list[str] = []
        for item in assistant.stream(question, history, scope=scope):
            if isinstance(item, Answer):
                rest = [line for line in item.text.split("\n") if line not in said]
                yield AIMessageChunk(content="\n".join(rest), response_metadata={"wenbao": item.to_wire()}, id=item.id)
            else:
                said.append(item.text)
                yield AIMessageChunk(content=f"{item.text}\n")

    return RunnableGenerator(answer)


def _conversation(messages: list[BaseMessage]) -> tuple[str, list[Turn]]:
    said = [message for message in messages if isinstance(message, HumanMessage | AIMessage)]
    if not said or not isinstance(said[-1], HumanMessage):
        raise ValueError("the last message has to be a question")
    history = [
        Turn(question=str(one.text), answer=str(two.text))
        for one, two in pairwise(said)
        if isinstance(one, HumanMessage) and isinstance(two, AIMessage)
    ]
    return str(said[-1].text), history
