"""The Gradio page.  Nothing is sent from the machine: these have to be said before gradio is imported."""

import os

os.environ["GRADIO_ANALYTICS_ENABLED"] = "False"
os.environ["HF_HUB_OFFLINE"] = "1"
