from guildhall.config.cli import main

main()
