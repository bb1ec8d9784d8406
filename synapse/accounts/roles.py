"""The roles people hold."""

from django.db import models


class Role(models.TextChoices):
    TESTER = "tester", "Tester"
    TEST_EXECUTIVE = "test_executive", "Test executive"
    REPORT_OWNER = "report_owner", "Report owner"
    REPORT_EXECUTIVE = "report_executive", "Report executive"
    DATA_OWNER = "data_owner", "Data owner"
    DATA_EXECUTIVE = "data_executive", "Data executive"
    ADMIN = "admin", "Administrator"
