"""What HydrateAll mounts in Airflow. Airflow executes this file in each of its processes, so it stays thin."""

from typing import ClassVar

from airflow.plugins_manager import AirflowPlugin

from hydrateall.hydration.warmup import warm_up

warm_up()  # tasks that are forked from this process inherit what is imported here


class HydrateAllPlugin(AirflowPlugin):
    """The plugin's name in Airflow's list of plugins, the admin API at /api/admin, and its pages in the navigation."""

    name = "hydrateall"
    external_views: ClassVar = [
        {
            "name": "HydrateAll",
            "href": "/api/admin/ui/jobs",
            "url_route": "hydrateall",
            "nav_top_level": True,
            "icon": "/api/admin/ui/static/icon.svg",
            "icon_dark_mode": "/api/admin/ui/static/icon-dark.svg",
        },
        {
            "name": "HydrateAll",
            "href": "/api/admin/ui/run?dag={DAG_ID}&run={RUN_ID}",
            "url_route": "hydrateall-job",
            "destination": "dag_run",
            "icon": "/api/admin/ui/static/icon.svg",
            "icon_dark_mode": "/api/admin/ui/static/icon-dark.svg",
        },
    ]

    @property
    def fastapi_apps(self):
        """Imported by the API server only."""
        from hydrateall.orchestration import admin_app

        return [{"app": admin_app(), "url_prefix": "/api/admin", "name": "HydrateAll"}]
