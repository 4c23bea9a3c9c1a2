"""What HydrateAll mounts in Airflow. Airflow executes this file in each of its processes, so it stays thin."""

from airflow.plugins_manager import AirflowPlugin

from hydrateall.hydration.warmup import warm_up

warm_up()  # tasks that are forked from this process inherit what is imported here


class HydrateAllPlugin(AirflowPlugin):
    """The plugin's name in Airflow's list of plugins."""

    name = "hydrateall"
