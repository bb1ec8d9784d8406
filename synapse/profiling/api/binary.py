"""Bodies that are bytes and nothing else."""

from django.core.files.base import ContentFile
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict
from rest_framework.parsers import BaseParser, DataAndFiles

from synapse.profiling.services.uploading import PART_SIZE


class PartParser(BaseParser):
    """One part of a file; a byte more than a part may have is enough to refuse it."""

    media_type = "application/octet-stream"

    def parse(self, stream, media_type=None, parser_context=None):
        content = ContentFile(stream.read(PART_SIZE + 1), name="part")
        return DataAndFiles(QueryDict(), MultiValueDict({"content": [content]}))
