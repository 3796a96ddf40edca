"""Calls a server as LlamaIndex does, and prints what came back as JSON. Arguments: base URL, key."""

import json
import sys

from llama_index.core.llms import ChatMessage
from llama_index.embeddings.openai import OpenAIEmbedding
from llama_index.llms.openai_like import OpenAILike

base, key = sys.argv[1:]
llm = OpenAILike(api_base=base, api_key=key, model="fawen", is_chat_model=True, max_retries=0)
said = [
    ChatMessage(role="system", content="请简短回答"),
    ChatMessage(role="user", content="各院开展志愿服务多少次"),
    ChatMessage(role="assistant", content="……"),
    ChatMessage(role="user", content="那一中院呢？"),
]
pieces = list(llm.stream_chat([ChatMessage(role="user", content="二中院整改措施有多少条")]))
vectors = OpenAIEmbedding(api_base=base, api_key=key, model_name="fawen", max_retries=0)
print(
    json.dumps(
        {
            "whole": llm.complete("各院开展志愿服务多少次").text,
            "followed": llm.chat(said).message.content,
            "streamed": pieces[-1].message.content,
            "pieces": len(pieces),
            "documents": [
                len(vector) for vector in vectors.get_text_embedding_batch(["整改措施", "志愿服务"])
            ],
            "query": vectors.get_query_embedding("整改措施"),
        }
    )
)
